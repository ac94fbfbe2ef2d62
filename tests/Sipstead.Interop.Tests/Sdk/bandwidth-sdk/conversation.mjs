// A call with all fields: it is answered, spoken to, asked for digits, and hung up.
import sdk from 'bandwidth-sdk';
import { basic, tone } from '../application.mjs';
import { fact, holds, isTime, nullsOf, press, run, sipUri } from '../facts.mjs';

const { Bxml, Gather, Hangup, Pause, PlayAudio, Redirect, Ring, SendDtmf, SpeakSentence, Tag } = sdk.Bxml;

export async function conversation(calls, application) {
  prepare(application);
  const wish = wishOf(application);
  const created = await calls.createCall(run.accountId, wish);
  describeCreated(created, wish);
  const { callId, callUrl } = created.data;

  const answer = await application.expect('/talk/answer');
  describeAnswer(answer, created.data);
  const state = (await calls.getCallState(run.accountId, callId)).data;
  fact('getCallState: an answered call is whole', without(state, ['enqueuedTime', 'startTime', 'answerTime', 'lastUpdate']), {
    callId, applicationId: run.applicationId, accountId: run.accountId, to: wish.to, from: wish.from, direction: 'outbound', state: 'answered',
  });
  holds('getCallState: times are ISO 8601 in UTC', [state.enqueuedTime, state.startTime, state.answerTime, state.lastUpdate].every(isTime), state);
  fact('getCallState: the times are those of the webhook', [state.enqueuedTime, state.startTime, state.answerTime],
    [answer.event.enqueuedTime, answer.event.startTime, answer.event.answerTime]);

  const redirect = await application.expect('/talk/menu');
  fact('Redirect: relative URL, credentials of the verb', [redirect.method, redirect.authorization], ['POST', basic('menu', 'secret')]);
  fact('Redirect: event and tag', [redirect.event.eventType, redirect.event.tag, redirect.event.callId], ['redirect', 'redirected', callId]);
  fact('PlayAudio: fetched with the credentials of the verb', (await application.expect('/talk/tone.wav')).authorization, basic('audio', 'secret'));

  const gather = await application.expect('/talk/gathered');
  fact('Gather: event, digits and terminating digit', [gather.event.eventType, gather.event.digits, gather.event.terminatingDigit], ['gather', '12', '#']);
  fact('Gather: the tag of the verb', gather.event.tag, 'gathered');
  fact('Gather: GET sends the properties as a query', [gather.method, gather.body, gather.event.callUrl], ['GET', '', callUrl]);

  const disconnect = await application.expect('/talk/disconnect');
  describeDisconnect(disconnect, gather.event.answerTime, callId);
  await describeEnded(calls, callId, disconnect.event);
}

const without = (value, names) => Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

const wishOf = application => ({
  to: sipUri('alice'), from: '+12025550100', applicationId: run.applicationId, privacy: false,
  displayName: 'Front "Desk"', uui: 'c0ffee;encoding=hex,aGk=;encoding=base64',
  answerUrl: application.url('/talk/answer'), answerMethod: 'POST', username: 'app', password: 'p@ss:word',
  answerFallbackUrl: application.url('/talk/fallback'), answerFallbackMethod: 'GET', fallbackUsername: 'spare', fallbackPassword: 'key',
  disconnectUrl: application.url('/talk/disconnect'), disconnectMethod: 'GET', callTimeout: 25.5, callbackTimeout: 10.5, priority: 1, tag: 'created & <kept>',
});

function prepare(application) {
  application.answer('/talk/tone.wav', tone(300));
  application.answer('/talk/prompt.wav', () => (press('alice', '12#'), tone(3000))); // who fetches a prompt listens for keys
  application.answer('/talk/answer', new Bxml([
    new SpeakSentence('Hello <emphasis level="strong">you</emphasis> & <break time="100ms"/> welcome.', { voice: 'julie', gender: 'female', locale: 'en_US' }),
    new PlayAudio('tone.wav', { username: 'audio', password: 'secret' }),
    new Ring({ duration: 0.2, answerCall: true }),
    new Pause({ duration: 0.1 }),
    new SendDtmf('42w#', { toneDuration: 100, toneInterval: 100 }),
    new Tag('tagged'),
    new Redirect({ redirectUrl: 'menu', redirectMethod: 'POST', username: 'menu', password: 'secret', tag: 'redirected' }),
  ]).toBxml());
  application.answer('/talk/menu', new Bxml(new Gather(
    {
      gatherUrl: '/talk/gathered', gatherMethod: 'GET', tag: 'gathered', terminatingDigits: '#*', maxDigits: 5,
      interDigitTimeout: 5, firstDigitTimeout: 10, repeatCount: 2,
    },
    [new PlayAudio('prompt.wav'), new SpeakSentence('Press <say-as interpret-as="characters">12</say-as> and pound.')],
  )).toBxml());
  application.answer('/talk/gathered', new Bxml([new SpeakSentence('Bye.'), new Hangup()]).toBxml());
}

function describeCreated({ status, headers, data }, wish) {
  fact('createCall: 201 with JSON', [status, headers['content-type']], [201, 'application/json;charset=UTF-8']);
  fact('createCall: echoes the request, passwords masked', without(data, ['accountId', 'callId', 'callUrl', 'enqueuedTime']),
    { ...without(wish, ['privacy', 'displayName', 'uui']), password: '*****', fallbackPassword: '*****' });
  fact('createCall: callUrl is base path, account and call', data.callUrl, `${run.basePath}/accounts/${run.accountId}/calls/${data.callId}`);
  fact('createCall: Location is callUrl', headers.location, data.callUrl);
  holds('createCall: callId is c-, 8 hex, UUID: 47 characters',
    /^c-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(data.callId) && data.callId.length === 47, data.callId);
  holds('createCall: enqueuedTime is ISO 8601 in UTC', isTime(data.enqueuedTime), data.enqueuedTime);
}

function describeAnswer({ method, contentType, authorization, event }, call) {
  fact('answer: POST of JSON with the credentials of createCall', [method, contentType.split(';')[0], authorization],
    ['POST', 'application/json', basic('app', 'p@ss:word')]);
  fact('answer: the properties of the call', without(event, ['eventTime', 'startTime', 'answerTime', 'sipCallId']), {
    eventType: 'answer', accountId: run.accountId, applicationId: run.applicationId, from: call.from, to: call.to, direction: 'outbound',
    callId: call.callId, callUrl: call.callUrl, enqueuedTime: call.enqueuedTime, tag: 'created & <kept>',
  });
  holds('answer: times are ISO 8601 in UTC', [event.eventTime, event.startTime, event.answerTime].every(isTime), event);
}

function describeDisconnect({ method, authorization, event }, answerTime, callId) {
  fact('disconnect: after Hangup, by GET, with the credentials of createCall', [method, authorization, event.eventType, event.cause, event.callId],
    ['GET', basic('app', 'p@ss:word'), 'disconnect', 'hangup', callId]);
  fact('disconnect: the tag and answerTime that the call had', [event.tag, event.answerTime], ['gathered', answerTime]);
  holds('disconnect: no error without one', isTime(event.endTime) && event.errorMessage === undefined && event.errorId === undefined, event);
}

async function describeEnded(calls, callId, disconnect) {
  const { data } = await calls.getCallState(run.accountId, callId);
  fact('getCallState: an ended call', [data.state, data.disconnectCause, data.endTime], ['disconnected', 'hangup', disconnect.endTime]);
  fact('getCallState: holds no null', nullsOf(data), []);
}
