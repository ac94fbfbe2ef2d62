// How calls end that are not answered, or whose application fails.
import sdk from 'bandwidth-sdk';
import { basic } from '../application.mjs';
import { fact, holds, nullsOf, run, sipUri, until } from '../facts.mjs';
import { refusal } from './refusal.mjs';

const { Bxml, Hangup } = sdk.Bxml;

export async function endings(calls, application) {
  await Promise.all([ringing, busy, nobody, timeout, fallback, invalidBxml, failedCallbacks].map(ending => ending(calls, application)));
}

/** Makes a call whose webhooks go below a path. */
async function call(calls, application, path, user, more = {}) {
  const { data } = await calls.createCall(run.accountId, {
    to: sipUri(user), from: '+12025550102', applicationId: run.applicationId, answerUrl: application.url(`${path}/answer`),
    disconnectUrl: application.url(`${path}/disconnect`), ...more,
  });
  return data.callId;
}

async function ringing(calls, application) {
  const callId = await call(calls, application, '/ringing', 'bob');
  const state = await until('initiated', async () => {
    const { data } = await calls.getCallState(run.accountId, callId);
    return data.state === 'initiated' && data;
  });
  fact('getCallState: a ringing call has no answerTime and no null', ['answerTime' in state, nullsOf(state)], [false, []]);
  const words = [409, 'validation', `Call [${callId}] cannot be modified in its current state`];
  fact('updateCall: redirecting a ringing call is 409',
    await refusal(calls.updateCall(run.accountId, callId, { redirectUrl: application.url('/never') })), words);
  fact('updateCallBxml: a ringing call is 409', await refusal(calls.updateCallBxml(run.accountId, callId, new Bxml(new Hangup()).toBxml())), words);
  fact('updateCall: a ringing call can be completed', await refusal(calls.updateCall(run.accountId, callId, { state: 'completed' })), [200]);
  const { event } = await application.expect('/ringing/disconnect');
  fact('disconnect: a completed ringing call is cancelled',
    [event.cause, 'answerTime' in event, application.of('/ringing/answer').length], ['cancel', false, 0]);
}

async function busy(calls, application) {
  const callId = await call(calls, application, '/busy', 'carol');
  const { event } = await application.expect('/busy/disconnect');
  fact('disconnect: a busy phone', [event.cause, event.errorMessage, event.sipResponseCode], ['busy', 'Callee is busy', 486]);
  const { data } = await calls.getCallState(run.accountId, callId);
  fact('getCallState: cause and error of a busy call are those of the webhook',
    [data.disconnectCause, data.errorMessage, data.errorId, data.endTime], [event.cause, event.errorMessage, event.errorId, event.endTime]);
  fact('getCallState: a call that was not answered holds no null', nullsOf(data), []);
}

async function nobody(calls, application) {
  await call(calls, application, '/nobody', 'nobody');
  const { event } = await application.expect('/nobody/disconnect');
  holds('disconnect: no device is registered', event.cause === 'error' && event.errorMessage.length > 0, event);
}

async function timeout(calls, application) {
  await call(calls, application, '/timeout', 'bob', { callTimeout: 1 });
  const { event } = await application.expect('/timeout/disconnect');
  fact('disconnect: callTimeout is over', event.cause, 'timeout');
}

async function fallback(calls, application) {
  application.answer('/failing/answer', { status: 503 });
  application.answer('/failing/spare', new Bxml().toBxml());
  const callId = await call(calls, application, '/failing', 'erin', {
    username: 'app', password: 'one', answerFallbackUrl: application.url('/failing/spare'), answerFallbackMethod: 'GET',
    fallbackUsername: 'spare', fallbackPassword: 'two',
  });
  const spare = await application.expect('/failing/spare');
  fact('answer: the fallback gets the same event by its own method and credentials',
    [spare.method, spare.authorization, spare.event.eventType, spare.event.callId], ['GET', basic('spare', 'two'), 'answer', callId]);
  fact('disconnect: a document without verbs hangs up', (await application.expect('/failing/disconnect')).event.cause, 'hangup');
}

async function invalidBxml(calls, application) {
  application.answer('/invalid/answer', '<Bxml><Sing/></Bxml>');
  await call(calls, application, '/invalid', 'erin');
  const { event } = await application.expect('/invalid/disconnect');
  holds('disconnect: a document that is not valid', event.cause === 'invalid-bxml' && event.errorMessage.includes('Sing') && event.errorId.length > 0, event);
}

async function failedCallbacks(calls, application) {
  application.answer('/gone/answer', { status: 500 });
  await call(calls, application, '/gone', 'erin');
  const { event } = await application.expect('/gone/disconnect');
  holds('disconnect: a webhook that failed', event.cause === 'callback-error' && event.errorMessage.length > 0, event);
}
