// What bandwidth-sdk itself says of answers and webhooks, in the OpenAPI file that its models are made of, compared with what came.
import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';

const description = yaml.load(readFileSync(new URL('../node_modules/bandwidth-sdk/bandwidth.yml', import.meta.url), 'utf8'));

/** Its tags of what the server has. */
const TAGS = ['Calls', 'Conferences', 'Recordings', 'Statistics', 'Transcriptions'];

/** The description lists a transcript's schema here, by a clash of names; webhooks.md 3 has the right one. */
const transcription = {
  type: 'object', required: ['id', 'status', 'completedTime'],
  properties: {
    id: { type: 'string' }, status: { type: 'string' }, url: { type: 'string', format: 'uri' }, completedTime: { type: 'string', format: 'date-time' },
  },
};

/** Properties of webhooks that the service sends and this description does not have (webhooks.md 3). */
const newer = {
  initiate: { sipCallId: { type: 'string' } }, answer: { sipCallId: { type: 'string' } },
  disconnect: { sipCallId: { type: 'string' }, sipResponseCode: { type: 'integer' } },
  transferAnswer: { parentCallId: { type: 'string' } }, transcriptionAvailable: { channels: { type: 'integer' } },
};

const operations = new Map(Object.values(description.paths)
  .flatMap(path => Object.values(path)).filter(operation => operation.operationId).map(operation => [operation.operationId, operation]));

const resolve = value => value.$ref ? resolve(value.$ref.slice(2).split('/').reduce((found, name) => found[name], description)) : value;

const tests = {
  string: value => typeof value === 'string', boolean: value => typeof value === 'boolean', number: Number.isFinite, integer: Number.isInteger,
  array: Array.isArray, object: value => typeof value === 'object' && !Array.isArray(value),
};
const formats = { 'date-time': text => !Number.isNaN(Date.parse(text)), uri: URL.canParse };

/** Where a value is not what a schema describes: other types, words and forms, what is missing, and what nobody described. */
export function faults(schema, value, path = '') {
  schema = resolve(schema);
  if (value === null) return schema.nullable ? [] : [`${path}: null`];
  if (schema.type && !tests[schema.type](value)) return [`${path}: no ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${path}: ${value}`];
  if (formats[schema.format]?.(value) === false) return [`${path}: no ${schema.format}: ${value}`];
  if (schema.items) return value.flatMap((item, i) => faults(schema.items, item, `${path}[${i}]`));
  if (!schema.properties) return [];
  const missing = (schema.required ?? []).filter(name => !(name in value)).map(name => `${path}.${name}: missing`);
  return missing.concat(Object.entries(value).flatMap(([name, inner]) => schema.properties[name]
    ? faults(schema.properties[name], inner, `${path}.${name}`)
    : [`${path}.${name}: not described`]));
}

/** The same of a webhook. Of the events of streams and real-time transcriptions the SDK has no models. */
export function webhookFaults(event) {
  const name = event.eventType === 'recordComplete' ? 'recordingComplete' : event.eventType; // the SDK's word for it
  const schema = description.components.schemas[`${name}Callback`];
  if (!schema) return /^(mediaStream|realTimeTranscription)/.test(event.eventType) ? [] : [`${event.eventType}: has no model`];
  const properties = { ...newer[event.eventType], ...schema.properties };
  if (properties.transcription) properties.transcription = transcription;
  return faults({ ...schema, properties }, event, event.eventType);
}

/** Looks at every answer that the SDK's APIs get, refusals too. */
export class Watch {
  faults = [];
  #succeeded = new Set();

  /** The same API, watched. */
  over(api) {
    return new Proxy(api, { get: (target, name) => typeof target[name] === 'function' ? (...args) => this.#ask(name, target[name](...args)) : target[name] });
  }

  /** Operations that never succeeded. */
  get untried() {
    return [...operations.values()].filter(operation => TAGS.some(tag => operation.tags.includes(tag)) && !this.#succeeded.has(operation.operationId))
      .map(operation => operation.operationId);
  }

  async #ask(operation, request) {
    try {
      const response = await request;
      this.#succeeded.add(operation);
      this.#take(operation, response);
      return response;
    } catch (error) {
      if (error.response) this.#take(operation, error.response);
      throw error;
    }
  }

  #take(operation, { status, headers, data }) {
    const responses = operations.get(operation).responses;
    const response = responses[status] && resolve(responses[status]);
    const found = response ? faultsOf(response, headers, data) : ['status not described'];
    this.faults.push(...found.map(fault => `${operation} ${status}: ${fault}`));
  }
}

function faultsOf(response, headers, data) {
  const found = Object.keys(response.headers ?? {}).filter(name => name !== 'Link' && !headers[name.toLowerCase()]).map(name => `no header ${name}`);
  if (!response.content) return data === '' || data?.length === 0 ? found : [...found, 'has a body'];
  const type = (headers['content-type'] ?? '').split(';')[0];
  const content = response.content[type];
  if (!content) return [...found, `Content-Type ${type}`];
  return content.schema.format === 'binary' || type !== 'application/json' ? found : found.concat(faults(content.schema, data));
}
