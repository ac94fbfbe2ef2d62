// getStatistics, and calls that wait: the server starts five calls a second, as the hosted service does.
import { fact, holds, nullsOf, run, sipUri, until } from '../facts.mjs';
import { refusal } from './refusal.mjs';

const BURST = 32; // the last of them waits for six seconds: time enough to look at it

export async function queue(calls, statistics, application) {
  fact('getStatistics: an empty queue', (await statistics.getStatistics(run.accountId)).data, { currentCallQueueSize: 0, maxCallQueueSize: 1500 });
  const create = more => calls.createCall(run.accountId, {
    to: sipUri('nobody'), from: '+12025550103', applicationId: run.applicationId, answerUrl: application.url('/never'), ...more,
  });
  const burst = await Promise.all(Array.from({ length: BURST }, () => create()));
  const last = (await create({ disconnectUrl: application.url('/queue/disconnect') })).data.callId;
  const urgent = (await create({ priority: 1 })).data.callId;

  const { currentCallQueueSize: waiting } = (await statistics.getStatistics(run.accountId)).data;
  holds('getStatistics: counts the calls that wait', waiting > 0 && waiting <= BURST + 2, waiting);
  const { data } = await calls.getCallState(run.accountId, last);
  fact('getCallState: a queued call has no startTime and no null', [data.state, 'startTime' in data, nullsOf(data)], ['queued', false, []]);
  const words = [409, 'validation', `Call [${last}] cannot be modified in its current state`];
  fact('updateCall: redirecting a queued call is 409',
    await refusal(calls.updateCall(run.accountId, last, { redirectUrl: application.url('/never') })), words);
  fact('updateCall: a queued call can be completed', await refusal(calls.updateCall(run.accountId, last, { state: 'completed' })), [200]);
  const { event } = await application.expect('/queue/disconnect');
  fact('disconnect: a queued call is cancelled', [event.cause, 'startTime' in event, nullsOf(event)], ['cancel', false, []]);

  const ended = await until('the queue to be empty', async () => {
    const { data: all } = await calls.listCalls(run.accountId, undefined, '+12025550103');
    return all.every(call => call.state === 'disconnected') && all;
  });
  const startOf = id => ended.find(call => call.callId === id).startTime;
  holds('createCall: priority 1 goes before priority 5', burst.some(call => startOf(call.data.callId) > startOf(urgent)), startOf(urgent));
}
