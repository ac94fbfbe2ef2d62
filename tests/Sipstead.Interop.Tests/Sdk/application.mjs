// A user's application: a web server on a free port that keeps what it gets and answers each path as told. A path without an answer gets 204.
import { createServer } from 'node:http';
import { until } from './facts.mjs';

const MU_LAW_SILENCE = 0xff;
const MU_LAW_LOUD = 0x80;

export class Application {
  requests = [];
  #answers = new Map();
  #server = createServer((request, response) => this.#take(request, response));

  static async start() {
    const application = new Application();
    await new Promise(resolve => application.#server.listen(0, '127.0.0.1', resolve));
    return application;
  }

  get origin() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  url(path) {
    return this.origin + path;
  }

  /** What a path answers: a BXML document, an audio file, or { status }. A function is called with the request. */
  answer(path, what) {
    this.#answers.set(path, what);
  }

  /** The requests for a path so far. */
  of(path) {
    return this.requests.filter(request => request.path === path);
  }

  /** The first request for a path, now or later. */
  expect(path) {
    return until(path, () => this.of(path)[0]);
  }

  /** The first event of a type at a path, or the one after `skip` of them, now or later. */
  expectEvent(path, eventType, skip = 0) {
    return until(`${eventType} at ${path}`, () => this.of(path).filter(request => request.event.eventType === eventType)[skip]);
  }

  close() {
    this.#server.closeAllConnections();
    return new Promise(resolve => this.#server.close(resolve));
  }

  async #take(request, response) {
    let body = '';
    for await (const part of request) body += part;
    const url = new URL(request.url, this.origin);
    const taken = {
      path: url.pathname, method: request.method, contentType: request.headers['content-type'], authorization: request.headers.authorization,
      event: body ? JSON.parse(body) : Object.fromEntries(url.searchParams), body,
    };
    this.requests.push(taken);
    let what = this.#answers.get(url.pathname) ?? { status: 204 };
    if (typeof what === 'function') what = what(taken);
    if (Buffer.isBuffer(what)) response.writeHead(200, { 'content-type': 'audio/wav' }).end(what);
    else if (typeof what === 'string') response.writeHead(200, { 'content-type': 'application/xml; charset=utf-8' }).end(what);
    else response.writeHead(what.status).end();
  }
}

/** The value of an Authorization header. */
export const basic = (user, password) => 'Basic ' + Buffer.from(`${user}:${password}`).toString('base64');

/** A WAV file of µ-law: a rough tone. */
export function tone(milliseconds) {
  const samples = Buffer.from(Array.from({ length: milliseconds * 8 }, (_, i) => i % 8 < 4 ? MU_LAW_LOUD : MU_LAW_SILENCE));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(7, 20); // µ-law
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
