// The builder's StartGather, StopGather, StartStream with StreamParam, StopStream, StartTranscription and StopTranscription, and TranscriptionsApi; the far end
// of the stream is the npm package ws.
import sdk from 'bandwidth-sdk';
import { WebSocketServer } from 'ws';
import { basic, tone } from '../application.mjs';
import { fact, holds, isTime, press, run, sipUri, until } from '../facts.mjs';
import { refusal } from './refusal.mjs';

const { Bxml, Hangup, PlayAudio, StartGather, StartStream, StartTranscription, StopGather, StopStream, StopTranscription, StreamParam } = sdk.Bxml;

export async function streams(calls, transcriptions, application) {
  const socket = await listen();
  try {
    prepare(application, `ws://127.0.0.1:${socket.server.address().port}/stream?a=b`);
    const { callId } = (await calls.createCall(run.accountId, {
      to: sipUri('mona'), from: '+12025550111', applicationId: run.applicationId, answerUrl: application.url('/keys/answer'),
      disconnectUrl: application.url('/keys/ended'),
    })).data;
    await until('audio in the stream', () => socket.messages.some(message => message.eventType === 'media'));
    press('mona', '5');
    const key = await application.expectEvent('/keys/pressed', 'dtmf');
    fact('dtmf: a key, with the credentials and the tag of StartGather', [key.authorization, key.event.digit, key.event.tag, key.event.callId],
      [basic('keys', 'secret'), '5', 'keys', callId]);
    await calls.updateCallBxml(run.accountId, callId, new Bxml([
      new StopGather(), new StopTranscription({ name: 'live' }), new StopStream({ name: 'sdk', wait: true }), new Hangup(),
    ]).toBxml());
    await application.expect('/keys/ended');
    await describeEvents(application, callId);
    describeMessages(socket, callId);
    await describeTranscription(transcriptions, application, callId);
  } finally {
    socket.server.close();
  }
}

/** A WebSocket server that keeps what one client says. */
async function listen() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const socket = { server, messages: [] };
  server.on('connection', (connection, request) => {
    socket.authorization = request.headers.authorization;
    socket.path = request.url;
    connection.on('message', text => socket.messages.push(JSON.parse(text)));
  });
  await new Promise(resolve => server.once('listening', resolve));
  return socket;
}

function prepare(application, destination) {
  application.answer('/keys/prompt.wav', tone(60_000));
  const stream = { name: 'sdk', tracks: 'both', mode: 'bidirectional', destination, streamEventUrl: '/keys/stream', streamEventMethod: 'POST', username: 'events', password: 'secret' };
  application.answer('/keys/answer', new Bxml([
    new StartGather({ dtmfUrl: '/keys/pressed', dtmfMethod: 'POST', username: 'keys', password: 'secret', tag: 'keys' }),
    new StartStream({ ...stream, destinationUsername: 'far', destinationPassword: 'end' }, [new StreamParam({ name: 'language', value: 'en & fr' })]),
    new StartStream(stream),
    new StartTranscription({
      name: 'live', tracks: 'outbound', transcriptionEventUrl: '/keys/text', transcriptionEventMethod: 'POST', username: 'texts', password: 'secret',
    }),
    new PlayAudio('prompt.wav'),
  ]).toBxml());
}

async function describeEvents(application, callId) {
  const started = await application.expectEvent('/keys/stream', 'mediaStreamStarted');
  const { id, startTime, ...stream } = started.event.mediaStream;
  fact('mediaStreamStarted: the stream, with the credentials of events', [started.authorization, started.event.callId, stream.name, stream.tracks, stream.type, isTime(startTime)],
    [basic('events', 'secret'), callId, 'sdk', ['inbound', 'outbound'], 'WebSocket', true]);
  const { event: rejected } = await application.expectEvent('/keys/stream', 'mediaStreamRejected');
  fact('mediaStreamRejected: a second of the name', [rejected.cause, rejected.errorMessage, rejected.originalMediaStream.id],
    ['duplicate', 'A stream with the name sdk already exists', id]);
  const { event: stopped } = await application.expectEvent('/keys/stream', 'mediaStreamStopped');
  fact('mediaStreamStopped: by StopStream', [stopped.cause, stopped.mediaStream.id], ['closed', id]);
  holds('mediaStreamStopped: duration is ISO 8601', /^PT[\d.]+S$/.test(stopped.mediaStream.duration), stopped.mediaStream.duration);
}

function describeMessages({ authorization, path, messages }, callId) {
  fact('StartStream: the upgrade has the credentials of the destination', [authorization, path], [basic('far', 'end'), '/stream?a=b']);
  const [start, ...rest] = messages;
  const mediaFormat = { encoding: 'PCMU', sampleRate: 8000 };
  fact('StartStream: the start message', [start.eventType, start.metadata.callId, start.metadata.accountId, start.metadata.streamName, start.metadata.tracks, start.streamParams], [
    'start', callId, run.accountId, 'sdk', [{ name: 'inbound', mediaFormat }, { name: 'outbound', mediaFormat }], { language: 'en & fr' },
  ]);
  const stop = rest.pop();
  fact('StopStream: the stop message is the last', [stop.eventType, stop.metadata], ['stop', start.metadata]);
  const frames = rest.filter(message => message.eventType === 'media');
  fact('StartStream: between them media of what the phone hears; it says nothing itself', [...new Set(rest.map(({ eventType, track }) => `${eventType} ${track}`))], ['media outbound']);
  fact('StartStream: 20 ms each', [...new Set(frames.map(frame => Buffer.from(frame.payload, 'base64').length))], [160]);
}

async function describeTranscription(api, application, callId) {
  const { authorization, event } = await application.expectEvent('/keys/text', 'realTimeTranscriptionAvailable');
  const { id, name, status, tracks, url } = event.realTimeTranscription;
  const expected = `${run.basePath}/accounts/${run.accountId}/calls/${callId}/transcriptions/${id}`;
  fact('realTimeTranscriptionAvailable: the transcription, with the credentials of events', [authorization, event.callId, name, status, tracks, url],
    [basic('texts', 'secret'), callId, 'live', 'available', ['outbound'], expected]);
  const { data: list } = await api.listRealTimeTranscriptions(run.accountId, callId);
  fact('listRealTimeTranscriptions: of the call', list, [{ transcriptionId: id, transcriptionName: 'live', transcriptionUrl: expected }]);
  const { data } = await api.getRealTimeTranscription(run.accountId, callId, id);
  fact('getRealTimeTranscription: what the phone heard', data.tracks, [{ track: 'outbound', transcript: 'Hello there.', confidence: 0.93 }]);
  const removed = await api.deleteRealTimeTranscription(run.accountId, callId, id);
  fact('deleteRealTimeTranscription: 200 without a body', [removed.status, removed.data], [200, '']);
  fact('getRealTimeTranscription: 404 after it', (await refusal(api.getRealTimeTranscription(run.accountId, callId, id)))[0], 404);
}
