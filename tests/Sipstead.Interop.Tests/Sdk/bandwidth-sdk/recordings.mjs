// RecordingsApi, and the builder's Record, StartRecording, PauseRecording, ResumeRecording and StopRecording.
import sdk from 'bandwidth-sdk';
import { basic, tone } from '../application.mjs';
import { fact, holds, isTime, nullsOf, press, run, sipUri, until } from '../facts.mjs';
import { refusal } from './refusal.mjs';

const { Bxml, Pause, PauseRecording, PlayAudio, Record, ResumeRecording, StartRecording, StopRecording } = sdk.Bxml;

const FROM = '+12025550107';
const account = run.accountId;

/** Seconds of a duration below a minute, such as PT1.5S. */
const seconds = duration => Number(/^PT([\d.]+)S$/.exec(duration)?.[1]);

export async function recordings(calls, api, application) {
  prepare(application);
  const { data: call } = await calls.createCall(account, {
    to: sipUri('ivan'), from: FROM, applicationId: run.applicationId, answerUrl: application.url('/record/answer'),
  });
  const { callId } = call;
  const both = await application.expectEvent('/record/both', 'recordingAvailable');
  fact('recordingAvailable: of StartRecording, with its credentials and tag', [both.authorization, both.event.tag, both.event.channels, both.event.status],
    [basic('rec', 'key'), 'both', 2, 'complete']);
  const { event: complete } = await application.expectEvent('/record/complete', 'recordComplete');
  const { event: available } = await application.expectEvent('/record/file', 'recordingAvailable');
  fact('recordComplete: of Record, told by the file too', [complete.recordingId, complete.duration, complete.mediaUrl, complete.tag, complete.channels, complete.fileFormat],
    [available.recordingId, available.duration, available.mediaUrl, 'both', 1, 'wav']);
  await pauses(api, application, callId);
  await calls.updateCall(account, callId, { state: 'completed' });
  const { event: paused } = await application.expectEvent('/record/paused', 'recordingAvailable');

  await looks(api, callId, call, [paused, available, both.event]);
  await downloads(api, callId, both.event.recordingId);
  await transcribes(api, application, callId, both.event.recordingId);
  await deletes(api, callId, [paused, available, both.event].map(event => event.recordingId));
}

function prepare(application) {
  application.answer('/record/tone.wav', tone(800));
  application.answer('/record/prompt.wav', () => (setTimeout(() => press('ivan', '#'), 600), tone(100))); // what is pressed then ends the Record
  application.answer('/record/answer', new Bxml([
    new StartRecording({
      recordingAvailableUrl: '/record/both', recordingAvailableMethod: 'POST', username: 'rec', password: 'key', tag: 'both', multiChannel: true, fileFormat: 'wav',
      transcribe: true, transcriptionAvailableUrl: '/record/transcribed',
    }),
    new PlayAudio('tone.wav'), new PauseRecording(), new PlayAudio('tone.wav'), new ResumeRecording(), new StopRecording(),
    new PlayAudio('prompt.wav'),
    new Record({
      recordCompleteUrl: '/record/complete', recordCompleteMethod: 'POST', recordingAvailableUrl: '/record/file', terminatingDigits: '*#', maxDuration: 20,
      silenceTimeout: 15, fileFormat: 'wav',
    }),
  ]).toBxml());
  application.answer('/record/complete', new Bxml([new StartRecording({ recordingAvailableUrl: '/record/paused' }), new Pause({ duration: 60 })]).toBxml());
}

async function pauses(api, application, callId) {
  const update = async state => {
    const { status, data } = await api.updateCallRecordingState(account, callId, { state });
    return [status, data];
  };
  const state = async () => (await api.listCallRecordings(account, callId)).data[0].status;
  await until('a third recording', async () => (await api.listCallRecordings(account, callId)).data.length === 3);
  fact('updateCallRecordingState: 200 without a body', [await update('paused'), await update('recording')], Array(2).fill([200, '']));
  fact('listCallRecordings: one that is under way', await state(), 'processing');
  fact('updateCallRecordingState: an unknown state is 400', (await refusal(api.updateCallRecordingState(account, callId, { state: 'resting' }))).slice(0, 2), [400, 'validation']);
}

async function looks(api, callId, call, events) {
  const { data: list } = await api.listCallRecordings(account, callId);
  const told = ({ recordingId, duration, channels, startTime, endTime, fileFormat, status, mediaUrl }) =>
    ({ recordingId, duration, channels, startTime, endTime, fileFormat, status, mediaUrl });
  fact('listCallRecordings: what the webhooks told', list.map(told), events.map(told));
  fact('listCallRecordings: whose they are', list.map(({ applicationId, accountId, callId, to, from, direction }) => [applicationId, accountId, callId, to, from, direction]),
    Array(3).fill([run.applicationId, account, callId, call.to, call.from, 'outbound']));
  fact('listCallRecordings: holds no null', nullsOf(list), []);
  holds('recordings: a pause is not in the duration', seconds(list[2].duration) > 0.3 && seconds(list[2].duration) < 1.5, list[2].duration);
  fact('getCallRecording: is the same', (await api.getCallRecording(account, callId, list[1].recordingId)).data, list[1]);
  const filtered = async (...filter) => (await api.listAccountCallRecordings(account, ...filter)).data.map(recording => recording.recordingId);
  const ids = list.map(recording => recording.recordingId);
  fact('listAccountCallRecordings: of a caller and a called party', [await filtered(call.to, FROM), await filtered(undefined, '+12025550199')], [ids, []]);
  fact('listAccountCallRecordings: from a time on, and before it',
    [await filtered(call.to, FROM, list[1].startTime), await filtered(call.to, FROM, undefined, list[1].startTime)], [ids.slice(0, 2), ids.slice(2)]);
  const stranger = 'c-00000000-00000000-0000-0000-0000-000000000000';
  fact('listCallRecordings: of an unknown call is an empty list', (await api.listCallRecordings(account, stranger)).data, []);
  fact('getCallRecording: an unknown one is 404', (await refusal(api.getCallRecording(account, callId, 'r-0'))).slice(0, 2), [404, 'validation']);
}

async function downloads(api, callId, recordingId) {
  const { headers, data } = await api.downloadCallRecording(account, callId, recordingId, { responseType: 'arraybuffer' });
  fact('downloadCallRecording: a WAV file of two channels', [headers['content-type'], data.subarray(0, 4).toString(), data.readUInt16LE(22)],
    ['audio/vnd.wave', 'RIFF', 2]);
}

async function transcribes(api, application, callId, recordingId) {
  const { event } = await application.expectEvent('/record/transcribed', 'transcriptionAvailable');
  const url = `${run.basePath}/accounts/${account}/calls/${callId}/recordings/${recordingId}/transcription`;
  fact('transcriptionAvailable: of StartRecording', [event.recordingId, event.transcription.status, event.transcription.url, isTime(event.transcription.completedTime)],
    [recordingId, 'available', url, true]);
  const { data: shown } = await api.getCallRecording(account, callId, recordingId);
  fact('getCallRecording: with its transcription', shown.transcription, event.transcription);
  const { data } = await api.getRecordingTranscription(account, callId, recordingId);
  fact('getRecordingTranscription: one transcript of each channel', data.transcripts.map(({ speaker, text }) => [speaker, text]), [[0, 'Hello there.'], [1, 'Hello there.']]);
  holds('getRecordingTranscription: clips with times', data.clips.length === 2 && data.clips.every(clip => clip.startTimeSeconds === 0.2 && clip.endTimeSeconds === 1.1), data);

  const removed = await api.deleteRecordingTranscription(account, callId, recordingId);
  fact('deleteRecordingTranscription: 204 without a body', [removed.status, removed.data], [204, '']);
  fact('getRecordingTranscription: 404 after it', (await refusal(api.getRecordingTranscription(account, callId, recordingId))).slice(0, 2), [404, 'validation']);
  const wish = { callbackUrl: application.url('/record/again'), callbackMethod: 'POST', username: 'tr', password: 'key', tag: 'again', callbackTimeout: 10.5, detectLanguage: true };
  const asked = await api.transcribeCallRecording(account, callId, recordingId, wish);
  fact('transcribeCallRecording: 204 without a body', [asked.status, asked.data], [204, '']);
  const again = await application.expectEvent('/record/again', 'transcriptionAvailable');
  fact('transcribeCallRecording: its webhook has its credentials and tag', [again.authorization, again.event.tag, again.event.transcription.status],
    [basic('tr', 'key'), 'again', 'available']);
}

async function deletes(api, callId, ids) {
  const [first, second, third] = ids;
  const gone = async request => (await refusal(request)).slice(0, 2);
  const media = await api.deleteRecordingMedia(account, callId, first);
  fact('deleteRecordingMedia: 204 without a body', [media.status, media.data], [204, '']);
  fact('deleteRecordingMedia: the media is 404, the rest stays', [
    await gone(api.downloadCallRecording(account, callId, first)), 'mediaUrl' in (await api.getCallRecording(account, callId, first)).data,
  ], [[404, 'validation'], false]);
  const removed = await Promise.all(ids.map(id => api.deleteRecording(account, callId, id)));
  fact('deleteRecording: 204 without a body', removed.map(({ status, data }) => [status, data]), Array(3).fill([204, '']));
  fact('deleteRecording: nothing is left', [
    (await api.listCallRecordings(account, callId)).data, await gone(api.getCallRecording(account, callId, second)), await gone(api.deleteRecording(account, callId, third)),
  ], [[], [404, 'validation'], [404, 'validation']]);
}
