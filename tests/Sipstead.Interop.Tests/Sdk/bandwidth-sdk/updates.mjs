// updateCall and updateCallBxml on an answered call.
import sdk from 'bandwidth-sdk';
import { basic } from '../application.mjs';
import { fact, hangUp, run, sipUri } from '../facts.mjs';
import { refusal } from './refusal.mjs';

const { Bxml, Pause, Redirect, Response, SpeakSentence, Tag } = sdk.Bxml;

const longPause = new Pause({ duration: 60 });

export async function updates(calls, application) {
  application.answer('/update/answer', new Bxml(longPause).toBxml());
  application.answer('/update/fallback', new Bxml(longPause).toBxml());
  application.answer('/update/broken', { status: 500 });
  application.answer('/update/again', new Response(longPause).toBxml());
  const { callId } = (await calls.createCall(run.accountId, wish(application))).data;
  await application.expect('/update/answer');

  await redirects(calls, application, callId);
  await replaces(calls, application, callId);
  await refuses(calls, callId);
  await completes(calls, application, callId);
  await partyHangsUp(calls, application);
}

const wish = application => ({
  to: sipUri('dora'), from: '+12025550101', applicationId: run.applicationId, answerUrl: application.url('/update/answer'),
  disconnectUrl: application.url('/update/disconnect'), tag: 'first',
});

async function redirects(calls, application, callId) {
  const { status, data } = await calls.updateCall(run.accountId, callId, {
    state: 'active', redirectUrl: application.url('/update/broken'), redirectMethod: 'POST', username: 'one', password: 'two',
    redirectFallbackUrl: application.url('/update/fallback'), redirectFallbackMethod: 'GET', fallbackUsername: 'three', fallbackPassword: 'four', tag: 'second',
  });
  fact('updateCall: a redirect answers 200 without a body', [status, data], [200, '']);
  const primary = await application.expect('/update/broken');
  fact('updateCall: redirect with credentials and the new tag', [primary.method, primary.authorization, primary.event.eventType, primary.event.tag],
    ['POST', basic('one', 'two'), 'redirect', 'second']);
  const fallback = await application.expect('/update/fallback');
  fact('updateCall: the fallback after 500, with its own method and credentials',
    [fallback.method, fallback.authorization, fallback.event.eventType, fallback.event.tag], ['GET', basic('three', 'four'), 'redirect', 'second']);

  await calls.updateCall(run.accountId, callId, { redirectUrl: application.url('/update/again'), tag: '' });
  const again = await application.expect('/update/again');
  fact('updateCall: without state it is a redirect, and an empty tag clears', [again.event.eventType, 'tag' in again.event], ['redirect', false]);
}

async function replaces(calls, application, callId) {
  const document = new Bxml([new Tag('third'), new SpeakSentence('Now.'), new Redirect({ redirectUrl: 'replaced' })]);
  application.answer('/update/replaced', new Bxml(longPause).toBxml());
  const { status, data } = await calls.updateCallBxml(run.accountId, callId, document.toBxml());
  fact('updateCallBxml: 204 without a body', [status, data], [204, '']);
  const replaced = await application.expect('/update/replaced');
  fact('updateCallBxml: the document runs, its relative URL is below the last webhook', [replaced.event.eventType, replaced.event.tag], ['redirect', 'third']);
}

async function refuses(calls, callId) {
  const invalid = (await refusal(calls.updateCallBxml(run.accountId, callId, '<Bxml><Sing/></Bxml>'))).slice(0, 2);
  fact('updateCallBxml: an invalid document is 400', invalid, [400, 'validation']);
  fact('updateCallBxml: no XML is 400', (await refusal(calls.updateCallBxml(run.accountId, callId, 'invalid'))).slice(0, 2), [400, 'validation']);
  const update = async change => (await refusal(calls.updateCall(run.accountId, callId, change))).slice(0, 2);
  fact('updateCall: state null is 400', await update({ state: null, redirectUrl: 'http://127.0.0.1/' }), [400, 'validation']);
  fact('updateCall: active without redirectUrl is 400', await update({ state: 'active' }), [400, 'validation']);
  fact('updateCall: an unknown state is 400', await update({ state: 'sleeping' }), [400, 'validation']);
  fact('updateCall: after refusals the call goes on', (await calls.getCallState(run.accountId, callId)).data.state, 'answered');
  const unknown = 'c-00000000-00000000-0000-0000-0000-000000000000';
  const words = [404, 'validation', `Call [${unknown}] not found`];
  fact('updateCall: an unknown call is 404', await refusal(calls.updateCall(run.accountId, unknown, { state: 'completed' })), words);
  fact('updateCallBxml: an unknown call is 404', await refusal(calls.updateCallBxml(run.accountId, unknown, new Bxml().toBxml())), words);
  fact('getCallState: an unknown call is 404', await refusal(calls.getCallState(run.accountId, unknown)), words);
}

async function completes(calls, application, callId) {
  const { status, data } = await calls.updateCall(run.accountId, callId, {
    state: 'completed', redirectUrl: application.url('/update/never'), redirectMethod: 'POST', username: 'one', password: 'two', tag: 'last',
  });
  fact('updateCall: completed answers 200, whatever else is told', [status, data], [200, '']);
  const { event } = await application.expect('/update/disconnect');
  fact('updateCall: completed hangs up', [event.cause, application.of('/update/never').length], ['hangup', 0]);
  const words = [409, 'validation', `Call [${callId}] cannot be modified in its current state`];
  fact('updateCall: an ended call is 409', await refusal(calls.updateCall(run.accountId, callId, { redirectUrl: application.url('/update/never') })), words);
  fact('updateCall: an ended call cannot be completed', await refusal(calls.updateCall(run.accountId, callId, { state: 'completed' })), words);
  fact('updateCallBxml: an ended call is 409', await refusal(calls.updateCallBxml(run.accountId, callId, new Bxml().toBxml())), words);
}

async function partyHangsUp(calls, application) {
  application.answer('/bye/answer', new Bxml(longPause).toBxml());
  const { callId } = (await calls.createCall(run.accountId,
    { ...wish(application), answerUrl: application.url('/bye/answer'), disconnectUrl: application.url('/bye/disconnect') })).data;
  await application.expect('/bye/answer');
  hangUp('dora');
  const { event } = await application.expect('/bye/disconnect');
  fact('disconnect: the party hangs up', [event.cause, event.callId, event.tag], ['hangup', callId, 'first']);
}
