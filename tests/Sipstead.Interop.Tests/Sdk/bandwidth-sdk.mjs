// npm bandwidth-sdk 8.1.4 drives the Voice API, and its BXML builder writes what the application answers.
import sdk from 'bandwidth-sdk';
import { Application } from './application.mjs';
import { fact, isTime, nullsOf, run, sipUri } from './facts.mjs';
import { bxml } from './bandwidth-sdk/bxml.mjs';
import { conferences } from './bandwidth-sdk/conferences.mjs';
import { connecting } from './bandwidth-sdk/connecting.mjs';
import { conversation } from './bandwidth-sdk/conversation.mjs';
import { errors } from './bandwidth-sdk/errors.mjs';
import { endings } from './bandwidth-sdk/endings.mjs';
import { lists } from './bandwidth-sdk/lists.mjs';
import { Watch, webhookFaults } from './bandwidth-sdk/models.mjs';
import { queue } from './bandwidth-sdk/queue.mjs';
import { recordings } from './bandwidth-sdk/recordings.mjs';
import { streams } from './bandwidth-sdk/streams.mjs';
import { updates } from './bandwidth-sdk/updates.mjs';

const watch = new Watch();
const client = (username, password, Api = sdk.CallsApi, basePath = run.basePath) =>
  watch.over(new Api(new sdk.Configuration({ username, password, basePath })));

/** Events that a run brings, each at least once. */
const EVENTS = [
  'answer', 'bridgeComplete', 'bridgeTargetComplete', 'conferenceCompleted', 'conferenceCreated', 'conferenceMemberExit', 'conferenceMemberJoin',
  'conferenceRecordingAvailable', 'conferenceRedirect', 'disconnect', 'dtmf', 'gather', 'initiate', 'mediaStreamRejected', 'mediaStreamStarted',
  'mediaStreamStopped', 'realTimeTranscriptionAvailable', 'recordComplete', 'recordingAvailable', 'redirect', 'transcriptionAvailable', 'transferAnswer', 'transferComplete',
  'transferDisconnect',
];

/** What the strict models of the other clients refuse: null, another direction, another form of time. */
function describeAll(events) {
  fact('webhooks: each kind came', [...new Set(events.map(event => event.eventType))].sort(), EVENTS);
  fact('webhooks: each is what its model describes', [...new Set(events.flatMap(webhookFaults))], []);
  fact('webhooks: none holds null', events.flatMap(nullsOf), []);
  const wrong = ({ callId, direction, from }) => callId && direction && direction !== (from === sipUri('caller') ? 'inbound' : 'outbound');
  fact('webhooks: direction is outbound, but inbound where a phone called', events.filter(wrong), []);
  const times = events.flatMap(event => Object.entries(event).filter(([name]) => name.endsWith('Time')));
  fact('webhooks: every time is ISO 8601 in UTC', times.filter(([, time]) => !isTime(time)), []);
}

const application = await Application.start();
try {
  const calls = client(run.username, run.password);
  await Promise.all([conversation(calls, application), updates(calls, application), endings(calls, application)]); // each with phones of its own
  await Promise.all([
    streams(calls, client(run.username, run.password, sdk.TranscriptionsApi), application), conferences(calls, client(run.username, run.password, sdk.ConferencesApi), application),
    recordings(calls, client(run.username, run.password, sdk.RecordingsApi), application),
  ]);
  await connecting(calls, application);
  await bxml();
  await lists(calls, application);
  await queue(calls, client(run.username, run.password, sdk.StatisticsApi), application);
  await errors(calls, {
    stranger: client(run.username, 'guessed'), reader: client(run.reader, run.readerPassword),
    lost: client(run.username, run.password, sdk.CallsApi, `${run.basePath}/elsewhere`),
  });
  fact('responses: each is what its model describes', watch.faults, []);
  fact('responses: every operation succeeded', watch.untried, []);
  describeAll(application.requests.map(request => request.event).filter(event => event.eventType));
} finally {
  await application.close();
}
