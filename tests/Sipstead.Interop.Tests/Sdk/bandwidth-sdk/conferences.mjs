// ConferencesApi on a live conference of a member, a guest and a coach, and the builder's Conference with all six verbs of conference documents.
import sdk from 'bandwidth-sdk';
import { basic, tone } from '../application.mjs';
import { fact, holds, isTime, nullsOf, run, sipUri, until } from '../facts.mjs';
import { refusal } from './refusal.mjs';

const { Bxml, Conference, PauseRecording, PlayAudio, Redirect, ResumeRecording, SpeakSentence, StartRecording, StopRecording } = sdk.Bxml;

const NAME = 'Sdk_Room-1.0';
const EVENTS = '/room/events';
const unknown = 'conf-00000000-00000000-0000-0000-0000-000000000000';
const notFound = id => [404, 'validation', `Conference [${id}] not found`];

export async function conferences(calls, api, application) {
  prepare(application);
  const member = await join(calls, application, 'frank', { tag: 'room', conferenceEventMethod: 'POST', callbackTimeout: 10, username: 'room', password: 'key' });
  const created = await application.expectEvent(EVENTS, 'conferenceCreated');
  const id = created.event.conferenceId;
  fact('conferenceCreated: the properties of the conference, and the credentials of the verb',
    [created.method, created.authorization, without(created.event, ['eventTime'])],
    ['POST', basic('room', 'key'), { eventType: 'conferenceCreated', conferenceId: id, name: NAME, tag: 'room' }]);
  const { event: joined } = await application.expectEvent(EVENTS, 'conferenceMemberJoin');
  fact('conferenceMemberJoin: the member', without(joined, ['eventTime']), {
    eventType: 'conferenceMemberJoin', conferenceId: id, name: NAME, tag: 'room', callId: member, from: '+12025550106', to: sipUri('frank'),
  });

  const guest = await join(calls, application, 'grace', { mute: true, tag: 'ignored' });
  const coach = await join(calls, application, 'heidi', { hold: true, callIdsToCoach: member });
  await application.expectEvent(EVENTS, 'conferenceMemberJoin', 2);
  await looks(api, id, { member, guest, coach });
  await changes(api, id, { member, guest, coach });
  await refuses(api, id);
  await records(api, application, id);
  await ends(calls, api, application, id, { member, guest, coach });
}

const without = (value, names) => Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

function prepare(application) {
  application.answer('/room/tone.wav', tone(200));
  application.answer(EVENTS, ({ event }) => event.eventType === 'conferenceCreated'
    ? new Bxml([new StartRecording({ recordingAvailableUrl: '/room/recording', fileFormat: 'wav' }), new SpeakSentence('Welcome.')]).toBxml()
    : { status: 204 });
}

async function join(calls, application, user, attributes) {
  application.answer(`/room/${user}`, new Bxml([
    new Conference(NAME, { conferenceEventUrl: EVENTS, ...attributes }), new Redirect({ redirectUrl: `/room/${user}/after` }),
  ]).toBxml());
  const { data } = await calls.createCall(run.accountId, {
    to: sipUri(user), from: '+12025550106', applicationId: run.applicationId, answerUrl: application.url(`/room/${user}`),
  });
  await until(`${user} in the conference`, () => application.of(EVENTS).some(({ event }) => event.callId === data.callId) || user !== 'frank');
  return data.callId;
}

const memberUrl = (id, callId) => `${run.basePath}/accounts/${run.accountId}/conferences/${id}/members/${callId}`;

async function looks(api, id, { member, guest, coach }) {
  const { data } = await api.getConference(run.accountId, id);
  fact('getConference: the conference', without(data, ['createdTime', 'activeMembers', 'conferenceEventUrl']),
    { id, name: NAME, conferenceEventMethod: 'POST', tag: 'room' });
  holds('getConference: createdTime is ISO 8601 in UTC, nothing is null', isTime(data.createdTime) && nullsOf(data).length === 0, data);
  const members = [
    { callId: member, conferenceId: id, memberUrl: memberUrl(id, member), mute: false, hold: false, callIdsToCoach: [] },
    { callId: guest, conferenceId: id, memberUrl: memberUrl(id, guest), mute: true, hold: false, callIdsToCoach: [] },
    { callId: coach, conferenceId: id, memberUrl: memberUrl(id, coach), mute: false, hold: true, callIdsToCoach: [member] },
  ];
  const byCall = (a, b) => a.callId < b.callId ? -1 : 1;
  fact('getConference: its members', data.activeMembers.sort(byCall), members.sort(byCall));
  fact('getConferenceMember: is the same', (await api.getConferenceMember(run.accountId, id, coach)).data, members.find(one => one.callId === coach));
  const list = async (...filter) => (await api.listConferences(run.accountId, ...filter)).data;
  fact('listConferences: by name, without members', await list(NAME), [without(data, ['activeMembers'])]);
  fact('listConferences: times are inclusive', (await list(NAME, data.createdTime, data.createdTime)).length, 1);
  fact('listConferences: nothing found is an empty list', [await list('nowhere'), await list(NAME, undefined, '2020-01-01T00:00:00.000Z')], [[], []]);
}

async function changes(api, id, { member, guest, coach }) {
  const change = async (callId, wish) => {
    const { status, data } = await api.updateConferenceMember(run.accountId, id, callId, wish);
    const now = (await api.getConferenceMember(run.accountId, id, callId)).data;
    return [status, data, now.mute, now.hold, now.callIdsToCoach];
  };
  fact('updateConferenceMember: mute alone', await change(guest, { mute: false }), [204, '', false, false, []]);
  fact('updateConferenceMember: hold alone', await change(guest, { hold: true }), [204, '', false, true, []]);
  fact('updateConferenceMember: whom it coaches', await change(coach, { hold: false, callIdsToCoach: [member, guest] }), [204, '', false, false, [member, guest]]);
  fact('updateConferenceMember: null leaves the list', await change(coach, { mute: true, hold: false, callIdsToCoach: null }), [204, '', true, false, [member, guest]]);
  fact('updateConferenceMember: an empty list ends coaching', await change(coach, { callIdsToCoach: [] }), [204, '', true, false, []]);
}

async function refuses(api, id) {
  const account = run.accountId;
  const stranger = 'c-00000000-00000000-0000-0000-0000-000000000000';
  fact('conferences: an unknown conference is 404', await Promise.all([
    api.getConference(account, unknown), api.updateConference(account, unknown, { status: 'completed' }),
    api.updateConferenceBxml(account, unknown, new Bxml().toBxml()), api.getConferenceMember(account, unknown, stranger),
  ].map(refusal)), Array(4).fill(notFound(unknown)));
  fact('listConferenceRecordings: of an unknown conference is an empty list', (await api.listConferenceRecordings(account, unknown)).data, []);
  const kind = async request => (await refusal(request)).slice(0, 2);
  fact('conferences: an unknown member is 404', [
    await kind(api.getConferenceMember(account, id, stranger)), await kind(api.updateConferenceMember(account, id, stranger, { mute: true })),
  ], Array(2).fill([404, 'validation']));
  fact('conferences: an unknown recording is 404', [
    await kind(api.getConferenceRecording(account, id, 'r-0')), await kind(api.downloadConferenceRecording(account, id, 'r-0')),
  ], Array(2).fill([404, 'validation']));
  fact('updateConference: active without redirectUrl is 400', await kind(api.updateConference(account, id, { status: 'active' })), [400, 'validation']);
  fact('updateConferenceBxml: other verbs than the six are 400',
    await kind(api.updateConferenceBxml(account, id, new Bxml(new Redirect({ redirectUrl: '/never' })).toBxml())), [400, 'validation']);
}

async function records(api, application, id) {
  const document = new Bxml([
    new PauseRecording(), new ResumeRecording(), new PlayAudio('tone.wav'), new SpeakSentence('That was it.'), new StopRecording(),
  ]);
  const { status, data } = await api.updateConferenceBxml(run.accountId, id, document.toBxml());
  fact('updateConferenceBxml: 204 without a body', [status, data], [204, '']);
  const { event } = await application.expectEvent('/room/recording', 'conferenceRecordingAvailable');
  const { data: list } = await api.listConferenceRecordings(run.accountId, id);
  const recording = list[0];
  fact('listConferenceRecordings: the recording', [list.length, without(recording, ['startTime', 'endTime', 'duration'])], [1, {
    accountId: run.accountId, conferenceId: id, name: NAME, recordingId: recording.recordingId, channels: 1, fileFormat: 'wav', status: 'complete',
    mediaUrl: `${run.basePath}/accounts/${run.accountId}/conferences/${id}/recordings/${recording.recordingId}/media`,
  }]);
  fact('getConferenceRecording: is the same', (await api.getConferenceRecording(run.accountId, id, recording.recordingId)).data, recording);
  fact('conferenceRecordingAvailable: tells the same', without(event, ['eventType', 'eventTime', 'tag']), recording);
  const media = await api.downloadConferenceRecording(run.accountId, id, recording.recordingId, { responseType: 'arraybuffer' });
  fact('downloadConferenceRecording: a WAV file', [media.headers['content-type'], media.data.subarray(0, 4).toString()], ['audio/vnd.wave', 'RIFF']);
}

async function ends(calls, api, application, id, { member, guest, coach }) {
  const redirected = await api.updateConference(run.accountId, id, {
    status: 'active', redirectUrl: application.url('/room/redirect'), redirectMethod: 'POST', username: 'one', password: 'two',
    redirectFallbackUrl: application.url('/room/spare'), redirectFallbackMethod: 'GET', fallbackUsername: 'three', fallbackPassword: 'four',
  });
  fact('updateConference: a redirect is 204', [redirected.status, redirected.data], [204, '']);
  const { authorization, event } = await application.expect('/room/redirect');
  fact('conferenceRedirect: with the credentials of the request', [authorization, event.eventType, event.conferenceId], [basic('one', 'two'), 'conferenceRedirect', id]);

  await calls.updateCall(run.accountId, guest, { state: 'completed' });
  const { event: left } = await application.expectEvent(EVENTS, 'conferenceMemberExit');
  fact('conferenceMemberExit: who left', [left.callId, left.to], [guest, sipUri('grace')]);
  fact('updateConference: completed is 204', (await api.updateConference(run.accountId, id, { status: 'completed' })).status, 204);
  fact('updateConference: completed, the members go on with the next verb',
    [(await application.expect('/room/frank/after')).event.callId, (await application.expect('/room/heidi/after')).event.callId], [member, coach]);
  const { event: completed } = await application.expectEvent(EVENTS, 'conferenceCompleted');
  const { data } = await api.getConference(run.accountId, id);
  fact('getConference: a completed one has a completedTime and no members', [completed.conferenceId, isTime(data.completedTime), data.activeMembers], [id, true, []]);
}
