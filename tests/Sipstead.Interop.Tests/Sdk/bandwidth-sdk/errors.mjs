// The errors of the API in the SDK's hands: 400, 401, 403, 404.
import { fact, run, sipUri } from '../facts.mjs';
import { refusal, refused } from './refusal.mjs';

const wish = { to: sipUri('alice'), from: '+12025550104', applicationId: run.applicationId, answerUrl: 'http://127.0.0.1:9/answer' };
const unknown = 'c-00000000-00000000-0000-0000-0000-000000000000';

const required = 'Missing at least one required field. Required fields are [from, to, answerUrl, applicationId]';

const wrong = [
  ['no answerUrl', { answerUrl: undefined }, required],
  ['no to', { to: undefined }, required],
  ['no from', { from: null }, required],
  ['no applicationId', { applicationId: null }, required],
  ['from is no number', { from: '+1invalid' }, 'Invalid from: must be an E164 telephone number'],
  ['the application is unknown', { applicationId: '00000000-0000-0000-0000-000000000000' },
    'Could not create call: Application id 00000000-0000-0000-0000-000000000000 not found'],
  ['answerUrl is no web address', { answerUrl: 'ftp://127.0.0.1/' }, 'Invalid answerUrl: only http and https are allowed'],
  ['answerMethod is none', { answerMethod: 'PUT' }, 'Invalid answerUrl method. Supported methods: [POST, GET]'],
  ['callTimeout is too long', { callTimeout: 301 }, 'callTimeout must be within the range [1, 300], but was 301'],
  ['callbackTimeout is too short', { callbackTimeout: 0.5 }, 'callbackTimeout must be within the range [1, 25], but was 0.5'],
  ['priority is out of range', { priority: 6 }, 'priority must be within the range [1, 5], but was 6'],
  ['uui of a telephone number', { to: '+12025550199', uui: 'aa;encoding=hex' }, 'Invalid uui: only for calls to SIP URIs'],
  ['machineDetection has no callbackUrl', { machineDetection: { mode: 'async' } }, 'Invalid machineDetection: callbackUrl is required in mode async'],
  ['tag is too long', { tag: 'x'.repeat(4097) }, 'Could not create call: sendCallback tag must contain at most 4096 characters'],
];

export async function errors(calls, { stranger, reader, lost }) {
  for (const [what, change, words] of wrong)
    fact(`createCall: 400, ${what}`, await refusal(calls.createCall(run.accountId, { ...wish, ...change })), [400, 'validation', words]);
  fact('createCall: 400, to is no number and no SIP URI',
    (await refusal(calls.createCall(run.accountId, { ...wish, to: 'not a phone number' }))).slice(0, 2), [400, 'validation']);

  const answer = await refused(calls.createCall(run.accountId, { ...wish, to: '+1invalid' }));
  fact('errors: the body has type, description and id', Object.keys(answer.data).sort(), ['description', 'id', 'type']);
  fact('errors: the body is JSON, the id of a validation error null',
    [answer.headers['content-type'], answer.data.id], ['application/json;charset=UTF-8', null]);

  fact('errors: an unknown path is 404 in the same form', await refusal(lost.listCalls(run.accountId)), [404, 'validation', 'Not Found']);

  const credentials = [401, 'authentication-error', 'The credentials provided were invalid'];
  const forbidden = [403, 'authorization-error', 'Access is denied'];
  fact('createCall: 401 with a wrong password', await refusal(stranger.createCall(run.accountId, wish)), credentials);
  fact('getCallState: 401 comes before 404', await refusal(stranger.getCallState(run.accountId, unknown)), credentials);
  fact('createCall: 403 for who may only read', await refusal(reader.createCall(run.accountId, wish)), forbidden);
  fact('updateCall: 403 comes before 404', await refusal(reader.updateCall(run.accountId, unknown, { state: 'completed' })), forbidden);
  fact('updateCallBxml: 403 for who may only read', await refusal(reader.updateCallBxml(run.accountId, unknown, '<Bxml/>')), forbidden);
  fact('listCalls: who may only read may', await refusal(reader.listCalls(run.accountId)), [200]);
  fact('createCall: 403 for an account of others', await refusal(calls.createCall('9900009', wish)), forbidden);
  fact('getCallState: 403 for an account of others', await refusal(calls.getCallState('9900009', unknown)), forbidden);
}
