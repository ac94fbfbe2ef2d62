// Every verb of the builder with every attribute that it has: what it writes is a valid document.
import sdk from 'bandwidth-sdk';
import { basic } from '../application.mjs';
import { fact, run } from '../facts.mjs';

const B = sdk.Bxml;

/** Is for WebRTC endpoints; see docs/compatibility.md. */
const absent = ['Connect'];

/** What the builder has besides verbs, and children that stand in their parents below. */
const others = ['Bxml', 'Response', 'Endpoint', 'CustomParam', 'PhoneNumber', 'SipUri', 'StreamParam'];

/** Of a tag: it leaves < and > bare even within attributes. */
const credentials = { username: 'u', password: 'p', fallbackUsername: 'f', fallbackPassword: 'q', tag: 'a & "b"' };

/** The URL of an event, its fallback, and their methods. */
const urls = (event, fallback = true) => ({
  [`${event}Url`]: '/a?b=c&d=e', [`${event}Method`]: 'GET',
  ...fallback ? { [`${event}FallbackUrl`]: 'https://app.example/f', [`${event}FallbackMethod`]: 'POST' } : {},
});

const party = { ...urls('transferAnswer'), ...urls('transferDisconnect', false), ...credentials };
const recording = { ...urls('recordingAvailable', false), ...urls('transcriptionAvailable', false), transcribe: true, fileFormat: 'mp3' };

const verbs = [
  new B.Bridge('c-00000000-00000000-0000-0000-0000-000000000000', { ...urls('bridgeComplete'), ...urls('bridgeTargetComplete'), ...credentials }),
  new B.Conference('A-z_0.9', { ...urls('conferenceEvent'), ...credentials, mute: true, hold: false, callIdsToCoach: 'c-1,c-2', callbackTimeout: 2.5 }),
  new B.Forward({ to: 'sip:a@home.example', from: '+12025550100', callTimeout: 1.5, diversionTreatment: 'stack', diversionReason: 'away', uui: 'aGk=;encoding=base64' }),
  new B.Gather(
    { ...urls('gather'), ...credentials, terminatingDigits: '*#', maxDigits: 50, interDigitTimeout: 1.5, firstDigitTimeout: 0, repeatCount: 10 },
    [new B.SpeakSentence('One.'), new B.PlayAudio('two.wav', { username: 'u', password: 'p' })]),
  new B.Hangup(),
  new B.Pause({ duration: 0.5 }),
  new B.PauseRecording(),
  new B.PlayAudio('https://app.example/a.mp3?b=c&d=e', { username: 'u', password: 'p' }),
  new B.Record({ ...urls('recordComplete'), ...recording, ...credentials, terminatingDigits: '#', maxDuration: 10_800, silenceTimeout: 2.5 }),
  new B.Redirect({ ...urls('redirect'), ...credentials }),
  new B.ResumeRecording(),
  new B.Ring({ duration: 86_400, answerCall: false }),
  new B.SendDtmf('09*#adAD,wW', { toneDuration: 50, toneInterval: 5000 }),
  new B.SpeakSentence('Hello <break strength="weak"/> <lang xml:lang="es-MX">señor</lang> & <sub alias="you">u</sub>', { voice: 'susan', gender: 'female', locale: 'en_US' }),
  new B.StartGather({ ...urls('dtmf', false), username: 'u', password: 'p', tag: 't' }),
  new B.StartRecording({ ...recording, username: 'u', password: 'p', tag: 't', multiChannel: true }),
  new B.StartStream(
    { name: 's', mode: 'bidirectional', tracks: 'both', destination: 'wss://app.example/s', destinationUsername: 'u', destinationPassword: 'p',
      ...urls('streamEvent', false), username: 'u', password: 'p' },
    [new B.StreamParam({ name: 'n', value: 'v' }), new B.StreamParam({ name: 'n2', value: '"&' })]),
  new B.StartTranscription(
    { name: 't', tracks: 'both', destination: 'wss://app.example/t', stabilized: false, ...urls('transcriptionEvent', false), username: 'u', password: 'p' },
    [new B.CustomParam({ name: 'n', value: 'v' }), new B.CustomParam({ name: 'n2', value: '"&' })]),
  new B.StopGather(),
  new B.StopRecording(),
  new B.StopStream({ name: 's', wait: true }),
  new B.StopTranscription({ name: 't' }),
  new B.Tag('tagged & "kept"'),
  new B.Transfer(
    { ...urls('transferComplete'), ...credentials, transferCallerId: 'Anonymous', transferCallerDisplayName: 'A "B"', callTimeout: 300, diversionTreatment: 'propagate', diversionReason: 'follow-me' },
    [new B.PhoneNumber('+12025550100', { ...party, uui: 'aGk=;encoding=base64' }), new B.SipUri('sip:a@home.example:5060', { ...party, uui: 'aGk=;encoding=jwt' })]),
];

async function errorOf(verb) {
  const response = await fetch(`${run.basePath}/accounts/${run.accountId}/bxml/validate`, {
    method: 'POST', body: new B.Bxml(verb).toBxml(), headers: { 'content-type': 'application/xml', authorization: basic(run.username, run.password) },
  });
  const answer = await response.json();
  return answer.valid ? [] : [{ verb: verb.name, ...answer }];
}

export async function bxml() {
  fact('BXML: the server takes every verb of the builder, with all that it writes', (await Promise.all(verbs.map(errorOf))).flat(), []);
  const built = Object.keys(B).filter(name => typeof B[name] === 'function' && !others.includes(name) && !absent.includes(name));
  fact('BXML: no verb of the builder is left out', verbs.map(verb => verb.name).sort(), built.sort());
}
