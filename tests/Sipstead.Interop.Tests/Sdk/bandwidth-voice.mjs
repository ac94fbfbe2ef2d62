// npm @bandwidth/voice 5.0.0, the older client: it checks every answer against a schema and throws where a property is null that it wants absent.
import { ApiController, Client, Environment, Gather, Hangup, Pause, PlayAudio, Redirect, Response, SpeakSentence } from '@bandwidth/voice';
import { Application, tone } from './application.mjs';
import { fact, nullsOf, press, run, sipUri, until } from './facts.mjs';

const longPause = new Response(new Pause({ duration: 60 })).toBxml();

const apiOf = (basicAuthUserName, basicAuthPassword) => new ApiController(
  new Client({ environment: Environment.Custom, baseUrl: run.origin, basicAuthUserName, basicAuthPassword, timeout: 20_000 }));

const api = apiOf(run.username, run.password);

const wishOf = (application, path, user) => ({
  from: '+12025550110', to: sipUri(user), applicationId: run.applicationId, answerUrl: application.url(`${path}/answer`),
  disconnectUrl: application.url(`${path}/disconnect`),
});

/** Status, type and description of a refusal; the status alone of what was not refused. */
async function refusal(request) {
  try {
    return [(await request).statusCode];
  } catch (error) {
    if (!error.result) throw error;
    return [error.statusCode, error.result.type, error.result.description];
  }
}

async function creates(application) {
  application.answer('/talk/answer', new Response(
    new SpeakSentence({ sentence: 'Press <emphasis level="moderate">one</emphasis>.', voice: 'susan' }),
    new Redirect({ redirectUrl: 'menu' }),
  ).toBxml());
  application.answer('/talk/menu', new Response(new Gather({
    gatherUrl: 'gathered', maxDigits: 1, firstDigitTimeout: 10, audioProducers: [new PlayAudio({ url: 'prompt.wav' }), new SpeakSentence({ sentence: 'Now.' })],
  })).toBxml());
  application.answer('/talk/prompt.wav', () => (press('alice', '1'), tone(2000))); // who fetches a prompt listens for keys
  application.answer('/talk/gathered', new Response(new SpeakSentence({ sentence: 'Bye.' }), new Hangup()).toBxml());
  const { statusCode, result } = await api.createCall(run.accountId, { ...wishOf(application, '/talk', 'alice'), disconnectUrl: undefined });
  fact('createCall: 201 without optional fields, defaults in their place',
    [statusCode, result.answerMethod, result.disconnectMethod, result.answerFallbackMethod, result.callTimeout, result.callbackTimeout, result.priority],
    [201, 'POST', 'POST', 'POST', 30, 15, 5]);
  const gathered = await application.expect('/talk/gathered');
  fact('Gather: its builder\'s document asks for a digit', [gathered.event.digits, gathered.event.terminatingDigit], ['1', '']);
  const ended = await until('the end', async () => {
    const { result: call } = await api.getCall(run.accountId, result.callId);
    return call.state === 'disconnected' && call;
  });
  fact('getCall: an ended call passes the schema', [ended.disconnectCause, ended.direction], ['hangup', 'outbound']);
}

async function takesNulls(application) {
  const nothing = Object.fromEntries(['uui', 'answerFallbackUrl', 'answerFallbackMethod', 'username', 'password', 'fallbackUsername', 'fallbackPassword',
    'answerMethod', 'disconnectMethod', 'callTimeout', 'callbackTimeout', 'tag', 'priority'].map(name => [name, null]));
  const { result } = await api.createCall(run.accountId, { ...wishOf(application, '/nulls', 'carol'), ...nothing });
  fact('createCall: null is as absent',
    [result.answerMethod, result.callTimeout, result.callbackTimeout, result.priority, 'tag' in result, 'username' in result],
    ['POST', 30, 15, 5, false, false]);
  const { event } = await application.expect('/nulls/disconnect');
  fact('getCall: a busy call passes the schema', [event.cause, (await api.getCall(run.accountId, result.callId)).result.disconnectCause], ['busy', 'busy']);
}

async function modifiesRinging(application) {
  const { result: { callId } } = await api.createCall(run.accountId, wishOf(application, '/ringing', 'bob'));
  const call = await until('initiated', async () => {
    const { result, body } = await api.getCall(run.accountId, callId);
    return result.state === 'initiated' && JSON.parse(body);
  });
  fact('getCall: a ringing call passes the schema and holds no null', [call.state, nullsOf(call)], ['initiated', []]);
  fact('modifyCall: a ringing call can be completed', await refusal(api.modifyCall(run.accountId, callId, { state: 'completed' })), [200]);
  fact('disconnect: a ringing call is cancelled', (await application.expect('/ringing/disconnect')).event.cause, 'cancel');
}

async function modifies(application) {
  application.answer('/update/answer', longPause);
  application.answer('/update/again', longPause);
  const { result: { callId } } = await api.createCall(run.accountId, wishOf(application, '/update', 'alice'));
  await application.expect('/update/answer');
  const { body } = await api.getCall(run.accountId, callId);
  fact('getCall: an answered call passes the schema and holds no null', [JSON.parse(body).state, nullsOf(JSON.parse(body))], ['answered', []]);
  fact('modifyCall: a redirect answers 200',
    await refusal(api.modifyCall(
      run.accountId, callId, { state: 'active', redirectUrl: application.url('/update/again'), redirectMethod: 'GET', tag: 'again' })), [200]);
  const { method, event } = await application.expect('/update/again');
  fact('modifyCall: the redirect comes', [method, event.eventType, event.tag], ['GET', 'redirect', 'again']);

  // This client puts the document into quotes, as if it were JSON: a defect of its own.
  fact('modifyCallBxml: a document in quotes is no XML', (await refusal(api.modifyCallBxml(run.accountId, callId, longPause))).slice(0, 2),
    [400, 'validation']);
  fact('modifyCallBxml: the call goes on', (await api.getCall(run.accountId, callId)).result.state, 'answered');
  fact('modifyCall: completed answers 200', await refusal(api.modifyCall(run.accountId, callId, { state: 'completed' })), [200]);
  fact('disconnect: completed hangs up', (await application.expect('/update/disconnect')).event.cause, 'hangup');
}

async function refuses(application) {
  const wish = wishOf(application, '/never', 'alice');
  const unknown = 'c-00000000-00000000-0000-0000-0000-000000000000';
  fact('createCall: 400 has the API\'s words', await refusal(api.createCall(run.accountId, { ...wish, from: 'me' })),
    [400, 'validation', 'Invalid from: must be an E164 telephone number']);
  fact('getCall: 401 with a wrong password', await refusal(apiOf(run.username, 'guessed').getCall(run.accountId, unknown)),
    [401, 'authentication-error', 'The credentials provided were invalid']);
  fact('createCall: 403 for who may only read', await refusal(apiOf(run.reader, run.readerPassword).createCall(run.accountId, wish)),
    [403, 'authorization-error', 'Access is denied']);
  fact('getCall: 404', await refusal(api.getCall(run.accountId, unknown)), [404, 'validation', `Call [${unknown}] not found`]);
}

const application = await Application.start();
try {
  await creates(application);
  await takesNulls(application);
  await modifiesRinging(application);
  await modifies(application);
  await refuses(application);
} finally {
  await application.close();
}
