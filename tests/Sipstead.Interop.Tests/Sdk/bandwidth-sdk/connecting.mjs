// The builder's Transfer with PhoneNumber and SipUri, Bridge and Forward: who is called, and what the application hears of each leg.
import sdk from 'bandwidth-sdk';
import { basic } from '../application.mjs';
import { dial, fact, hangUp, holds, isTime, run, sipUri, until } from '../facts.mjs';

const { Bridge, Bxml, Forward, Hangup, Pause, PhoneNumber, SipUri, SpeakSentence, Transfer } = sdk.Bxml;

/** After it, the account may begin as many calls again. */
const SECOND = 1000;

const FROM = '+12025550108';
const NUMBER = '+12025550190'; // of the trunk that is Ken's phone
const waiting = new Bxml(new Pause({ duration: 60 })).toBxml();

/** To be run alone: above the account's calls a second, legs do not wait but fail. */
export async function connecting(calls, application) {
  await transfersAndBridges(calls, application);
  await new Promise(resolve => setTimeout(resolve, SECOND));
  await forwards(calls, application);
}

const create = async (calls, application, path, user, from) => (await calls.createCall(run.accountId, {
  to: sipUri(user), from, applicationId: run.applicationId, answerUrl: application.url(path), disconnectUrl: application.url('/connect/ended'),
})).data.callId;

async function transfersAndBridges(calls, application) {
  application.answer('/connect/waiting', waiting);
  prepareTransfers(application);
  const callId = await create(calls, application, '/connect/answer', 'judy', FROM);
  await toANumber(application, callId);
  const lost = await application.expect('/connect/second');
  fact('transferComplete: the party hung up', [lost.event.cause, lost.event.transferTo, 'errorMessage' in lost.event], ['hangup', sipUri('ken'), false]);
  const busy = await application.expect('/connect/third');
  fact('transferComplete: a busy party', [busy.event.cause, busy.event.errorMessage, busy.event.callId], ['busy', 'Callee is busy', callId]);
  await bridges(calls, application, callId);
}

function prepareTransfers(application) {
  const leg = { transferAnswerMethod: 'POST', transferDisconnectMethod: 'POST', username: 'leg', password: 'key' };
  application.answer('/connect/answer', new Bxml(new Transfer(
    { transferCompleteUrl: '/connect/first', transferCallerId: FROM, callTimeout: 20, username: 'all', password: 'key', tag: 'transferred' },
    [
      new PhoneNumber(NUMBER, { ...leg, transferAnswerUrl: '/connect/number', transferDisconnectUrl: '/connect/number/end', tag: 'leg' }),
      new SipUri(sipUri('bob'), { ...leg, transferDisconnectUrl: '/connect/bob/end', uui: 'aGk=;encoding=base64' }),
    ])).toBxml());
  application.answer('/connect/number', new Bxml([new SpeakSentence('Not now.'), new Hangup()]).toBxml());
  const to = (user, next, attributes) => new Bxml(new Transfer({ transferCompleteUrl: next }, new SipUri(sipUri(user), attributes))).toBxml();
  application.answer('/connect/first', to('ken', '/connect/second', { transferAnswerUrl: '/connect/uri' }));
  application.answer('/connect/uri', () => (setTimeout(() => hangUp('ken'), 500), new Bxml(new Pause({ duration: 0.1 })).toBxml()));
  application.answer('/connect/second', to('carol', '/connect/third'));
  application.answer('/connect/third', waiting);
}

async function toANumber(application, callId) {
  const answer = await application.expect('/connect/number');
  const leg = ['transferAnswer', 'outbound', callId, FROM, NUMBER, 'leg'];
  const described = ({ eventType, direction, parentCallId, transferCallerId, transferTo, tag }) => [eventType, direction, parentCallId, transferCallerId, transferTo, tag];
  fact('transferAnswer: the leg that answered, with its own credentials', [answer.authorization, described(answer.event)], [basic('leg', 'key'), leg]);
  holds('transferAnswer: is of another call', answer.event.callId !== callId, answer.event.callId);
  const { event: end } = await application.expect('/connect/number/end');
  fact('transferDisconnect: of the leg that hung up', [described(end), end.callId, end.cause, isTime(end.answerTime), isTime(end.endTime)],
    [['transferDisconnect', ...leg.slice(1)], answer.event.callId, 'hangup', true, true]);
  const { event: loser } = await application.expect('/connect/bob/end');
  fact('transferDisconnect: of the leg that lost', [loser.parentCallId, loser.transferTo, loser.cause, 'answerTime' in loser], [callId, sipUri('bob'), 'cancel', false]);
  const complete = await application.expect('/connect/first');
  fact('transferComplete: of the leg that answered, with the credentials of the verb',
    [complete.authorization, complete.event.callId, complete.event.transferCallerId, complete.event.transferTo, complete.event.cause, complete.event.tag],
    [basic('all', 'key'), callId, FROM, NUMBER, 'hangup', 'transferred']);
}

async function bridges(calls, application, callId) {
  const attributes = {
    bridgeCompleteUrl: '/connect/bridged', bridgeCompleteMethod: 'POST', bridgeTargetCompleteUrl: '/connect/released', bridgeTargetCompleteMethod: 'POST',
    username: 'bridge', password: 'key', tag: 'bridged',
  };
  application.answer('/connect/bridged', waiting);
  application.answer('/connect/released', new Bxml(new Hangup()).toBxml());
  const bridge = async () => {
    const target = await create(calls, application, '/connect/waiting', 'ken', '+12025550109');
    await until('the target to be answered', () => application.of('/connect/waiting').find(({ event }) => event.callId === target));
    await calls.updateCallBxml(run.accountId, callId, new Bxml(new Bridge(target, attributes)).toBxml());
    await until('the bridge', () => runsBridge(callId));
    return target;
  };
  await bridge();
  hangUp('ken');
  const complete = await application.expect('/connect/bridged');
  fact('bridgeComplete: the target left', [complete.authorization, complete.event.eventType, complete.event.callId, 'cause' in complete.event, complete.event.tag],
    [basic('bridge', 'key'), 'bridgeComplete', callId, false, 'bridged']);

  const target = await bridge();
  await calls.updateCall(run.accountId, callId, { state: 'completed' });
  const released = await application.expect('/connect/released');
  fact('bridgeTargetComplete: who bridged left', [released.authorization, released.event.eventType, released.event.callId],
    [basic('bridge', 'key'), 'bridgeTargetComplete', target]);
}

/** Whether the last document of a call is in its Bridge. */
async function runsBridge(callId) {
  const response = await fetch(`${run.basePath}/accounts/${run.accountId}/calls/${callId}/documents`, { headers: { authorization: basic(run.username, run.password) } });
  return (await response.json()).at(-1).verbs.some(({ verb, endTime }) => verb === 'Bridge' && !endTime);
}

/** A call that a phone makes: the application is told of it, hands it on, and hears of its end alone. */
async function forwards(calls, application) {
  application.answer('/initiate', new Bxml(new Forward({ to: sipUri('liz'), from: FROM, callTimeout: 20, diversionTreatment: 'none', uui: 'aGk=;encoding=base64' })).toBxml());
  await takeInboundCalls(application);
  dial('caller', '2025550123');
  const { event: initiate } = await application.expect('/initiate');
  fact('initiate: a phone calls', [initiate.eventType, initiate.direction, initiate.from, initiate.to], ['initiate', 'inbound', sipUri('caller'), '+12025550123']);
  await until('the forwarded call to be answered', async () => (await calls.getCallState(run.accountId, initiate.callId)).data.state === 'answered');
  hangUp('caller');
  const { event: end } = await application.expect('/status');
  fact('Forward: the application hears of the end alone', application.requests.filter(({ event }) => event.callId === initiate.callId).map(({ event }) => event.eventType),
    ['initiate', 'disconnect']);
  fact('disconnect: of a call that came in', [end.eventType, end.direction, end.cause, isTime(end.answerTime)], ['disconnect', 'inbound', 'hangup', true]);
}

/** The account's application is this one from now on. */
async function takeInboundCalls(application) {
  const response = await fetch(`${run.origin}/api/accounts/${run.accountId}/applications/${run.applicationId}`, {
    method: 'PUT', headers: { 'content-type': 'application/xml', authorization: basic(run.username, run.password) },
    body: `<Application><ServiceType>Voice-V2</ServiceType><AppName>sdk</AppName><CallInitiatedCallbackUrl>${application.url('/initiate')}</CallInitiatedCallbackUrl>`
      + `<CallStatusCallbackUrl>${application.url('/status')}</CallStatusCallbackUrl></Application>`,
  });
  if (!response.ok) throw new Error(await response.text());
}
