// npm bandwidth-sdk 8.1.4 drives the Voice API, and its BXML builder writes what the application answers.
import sdk from 'bandwidth-sdk';
import { Application } from './application.mjs';
import { fact, isTime, nullsOf, run } from './facts.mjs';
import { conversation } from './bandwidth-sdk/conversation.mjs';
import { errors } from './bandwidth-sdk/errors.mjs';
import { endings } from './bandwidth-sdk/endings.mjs';
import { lists } from './bandwidth-sdk/lists.mjs';
import { queue } from './bandwidth-sdk/queue.mjs';
import { updates } from './bandwidth-sdk/updates.mjs';

const client = (username, password, Api = sdk.CallsApi, basePath = run.basePath) => new Api(new sdk.Configuration({ username, password, basePath }));

/** What the strict models of the other clients refuse: null, another direction, another form of time. */
function describeAll(events) {
  fact('webhooks: none holds null', events.flatMap(nullsOf), []);
  fact('webhooks: direction is outbound', events.filter(event => event.direction !== 'outbound'), []);
  const times = events.flatMap(event => Object.entries(event).filter(([name]) => name.endsWith('Time')));
  fact('webhooks: every time is ISO 8601 in UTC', times.filter(([, time]) => !isTime(time)), []);
}

const application = await Application.start();
try {
  const calls = client(run.username, run.password);
  await Promise.all([conversation(calls, application), updates(calls, application), endings(calls, application)]); // each with phones of its own
  await lists(calls, application);
  await queue(calls, client(run.username, run.password, sdk.StatisticsApi), application);
  await errors(calls, {
    stranger: client(run.username, 'guessed'), reader: client(run.reader, run.readerPassword),
    lost: client(run.username, run.password, sdk.CallsApi, `${run.basePath}/elsewhere`),
  });
  describeAll(application.requests.map(request => request.event).filter(event => event.eventType));
} finally {
  await application.close();
}
