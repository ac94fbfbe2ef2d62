// listCalls: filters, and pages by Link. By now there is a handful of calls, all ended.
import { fact, holds, nullsOf, run, sipUri, until } from '../facts.mjs';
import { refusal } from './refusal.mjs';

/** listCalls by the names of its filters. */
const list = (calls, { to, from, minStartTime, maxStartTime, disconnectCause, pageSize, pageToken } = {}) =>
  calls.listCalls(run.accountId, to, from, minStartTime, maxStartTime, disconnectCause, pageSize, pageToken);

const ids = calls => calls.map(call => call.callId);

export async function lists(calls, application) {
  await oldestFirst(calls, application);
  const { status, headers, data: all } = await list(calls);
  fact('listCalls: 200 and one page', [status, headers.link], [200, undefined]);
  fact('listCalls: an entry is what getCallState tells', all[0], (await calls.getCallState(run.accountId, all[0].callId)).data);
  fact('listCalls: holds no null', nullsOf(all), []);
  await filters(calls, all);
  await pages(calls, all);
  fact('listCalls: pageSize 0 is 400', (await refusal(list(calls, { pageSize: 0 }))).slice(0, 2), [400, 'validation']);
  fact('listCalls: pageSize 10001 is 400', (await refusal(list(calls, { pageSize: 10_001 }))).slice(0, 2), [400, 'validation']);
  fact('listCalls: a foreign pageToken is 400', (await refusal(list(calls, { pageToken: '?' }))).slice(0, 2), [400, 'validation']);
  fact('listCalls: a time that is none is 400', (await refusal(list(calls, { minStartTime: 'yesterday' }))).slice(0, 2), [400, 'validation']);
}

/** Calls made one after the other: of those made at the same moment no client can tell which is older. */
async function oldestFirst(calls, application) {
  const from = '+12025550105';
  const made = [];
  for (let i = 0; i < 3; i++) {
    const { data } = await calls.createCall(run.accountId, {
      to: sipUri('carol'), from, applicationId: run.applicationId, answerUrl: application.url('/never'),
    });
    made.push(data.callId);
  }
  const ended = await until('three busy calls', async () => {
    const { data } = await list(calls, { from });
    return data.every(call => call.state === 'disconnected') && data;
  });
  fact('listCalls: oldest first', ids(ended), made);
}

async function filters(calls, all) {
  const filtered = async (name, filter, test) => {
    const expected = ids(all.filter(test));
    fact(`listCalls: ${name}`, ids((await list(calls, filter)).data), expected);
    holds(`listCalls: ${name} leaves some out`, expected.length > 0 && expected.length < all.length, expected.length);
  };
  await filtered('filter to', { to: sipUri('carol') }, call => call.to === sipUri('carol'));
  await filtered('filter from, with its plus sign', { from: '+12025550101' }, call => call.from === '+12025550101');
  await filtered('filter disconnectCause', { disconnectCause: 'hangup' }, call => call.disconnectCause === 'hangup');
  // Several calls may have begun in one millisecond: a time of the middle has earlier and later ones.
  const times = [...new Set(all.map(call => call.startTime))].sort();
  const startTime = times[Math.floor(times.length / 2)];
  await filtered('filter minStartTime, inclusive', { minStartTime: startTime }, call => call.startTime >= startTime);
  await filtered('filter maxStartTime, inclusive', { maxStartTime: startTime }, call => call.startTime <= startTime);
  await filtered('filters together', { to: sipUri('bob'), disconnectCause: 'cancel' }, call => call.to === sipUri('bob') && call.disconnectCause === 'cancel');
  fact('listCalls: nothing found is an empty list', (await list(calls, { to: sipUri('stranger') })).data, []);
}

async function pages(calls, all) {
  const filter = { from: '+12025550102', pageSize: 2 };
  const found = [], sizes = [], links = [];
  for (let pageToken; ;) {
    const { data, headers } = await list(calls, { ...filter, pageToken });
    found.push(...ids(data));
    sizes.push(data.length);
    if (!headers.link) break;
    links.push(headers.link);
    pageToken = new URL(headers.link.match(/<(.*)>; rel="next"/)[1]).searchParams.get('pageToken');
  }
  const expected = ids(all.filter(call => call.from === '+12025550102'));
  fact('listCalls: the pages hold each call once, in order', found, expected);
  fact('listCalls: pages are full but the last', sizes.slice(0, -1).every(size => size === 2) && sizes.length === Math.ceil(expected.length / 2), true);
  const next = new URL(links[0].match(/<(.*)>; rel="next"/)[1]);
  fact('listCalls: Link is the same request with a pageToken',
    [`${next.origin}${next.pathname}`, next.searchParams.get('from'), next.searchParams.get('pageSize')],
    [`${run.basePath}/accounts/${run.accountId}/calls`, '+12025550102', '2']);
}
