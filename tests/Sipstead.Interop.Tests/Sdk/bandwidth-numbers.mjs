// npm @bandwidth/numbers 2.0.0, the client of the account API: its own operations, and what it has none for by its generic request.
import numbers from '@bandwidth/numbers';
import { fact, holds, run } from './facts.mjs';

const { Application, Client, SipPeer, Site } = numbers;
const options = () => ({ apiEndPoint: `${run.origin}/api` });
const client = new Client(run.accountId, run.username, run.password, undefined, undefined, options());
const callback = 'https://app.example/voice';

/** What a function with a callback gives: its result, or its error. */
const told = call => new Promise(resolve => call((error, result) => resolve(error ? { error } : { result })));

/** The same, where an error ends the script. */
async function given(call) {
  const { error, result } = await told(call);
  if (error) throw error;
  return result;
}

const request = (method, path, ...more) => done => client.makeRequest(method, client.concatAccountPath(path), ...more, done);

/** Status and code of a refusal: the client hands on what its HTTP library threw, with the body as text. */
const refusal = ({ error }) => [error?.status, error?.response?.text.match(/<ErrorCode>(\d+)</)?.[1]];

async function sites() {
  const site = await given(done => Site.create(client, { name: 'Headquarters', description: 'd', address: { city: 'Raleigh', stateCode: 'NC' } }, done));
  fact('Site.create: 201, then the site by Location', [typeof site.id, site.name, site.description, site.address.stateCode], ['number', 'Headquarters', 'd', 'NC']);
  fact('Site.list: holds it', (await given(done => Site.list(client, done))).map(one => one.id), [site.id]);
  await given(done => site.update({ name: 'Branch', description: 'moved' }, done));
  fact('Site.update: Site.get shows it', (await given(done => Site.get(client, site.id, done))).name, 'Branch');
  fact('Site.getSipPeers: none', await given(done => site.getSipPeers(done)), []);
  return site;
}

async function sipPeers(site, application) {
  const peer = await given(done => SipPeer.create(
    client, { siteId: site.id, peerName: 'Desks', isDefaultPeer: true, voiceHosts: [{ host: { hostName: '192.0.2.7' } }] }, done));
  fact('SipPeer.create: 201, then the location by Location', [typeof peer.id, peer.peerName, peer.isDefaultPeer, peer.siteId], ['number', 'Desks', true, site.id]);
  fact('SipPeer.list: holds it', (await given(done => SipPeer.list(client, site.id, done))).map(one => one.peerName), ['Desks']);
  await given(done => peer.update({ peerName: 'Desks two', isDefaultPeer: true }, done));
  fact('SipPeer.update: SipPeer.get shows it', (await given(done => SipPeer.get(client, site.id, peer.id, done))).peerName, 'Desks two');
  const settings = await given(done => peer.createOriginationSettings(
    { voiceProtocol: 'HTTP', httpSettings: { httpVoiceV2AppId: application.applicationId } }, done));
  fact('SipPeer.createOriginationSettings: come back', [settings.voiceProtocol, settings.httpSettings.httpVoiceV2AppId], ['HTTP', application.applicationId]);
  fact('Application.getSipPeers: the location', await given(done => application.getSipPeers(done)),
    [{ siteId: site.id, siteName: 'Branch', peerId: peer.id, peerName: 'Desks two' }]);
  fact('Application.delete: refused while a location has it', refusal(await told(done => application.delete(done))), [409, '12107']);
  await given(done => peer.delete(done));
  fact('SipPeer.delete: it is gone', refusal(await told(done => SipPeer.get(client, site.id, peer.id, done)))[0], 404);
  await given(done => site.delete(done));
  fact('Site.delete: it is gone', refusal(await told(done => Site.get(client, site.id, done))), [404, '12016']);
}

async function applications() {
  const application = await given(done => Application.createVoiceApplication(client, { appName: 'node', callInitiatedCallbackUrl: callback }, done));
  fact('Application.createVoiceApplication: 201, then the application by Location',
    [application.applicationId.length, application.serviceType, application.appName, application.callInitiatedCallbackUrl, application.callInitiatedMethod],
    [36, 'Voice-V2', 'node', callback, 'POST']);
  holds('Application.list: holds it', (await given(done => Application.list(client, done))).some(one => one.applicationId === application.applicationId));
  fact('Application.getSipPeers: none', await given(done => application.getSipPeers(done)), undefined);
  const message = await given(done => Application.createMessagingApplication(client, { appName: 'texts', msgCallbackUrl: callback }, done));
  fact('Application.createMessagingApplication: is kept', [message.serviceType, message.appName], ['Messaging-V2', 'texts']);
  await given(done => message.delete(done));
  await given(done => application.update({ appName: 'node two' }, done));
  const again = await given(done => Application.get(client, application.applicationId, done));
  fact('Application.update: the name alone', again.appName, 'node two');
  fact('Application.createVoiceApplication: 400 without a URL',
    refusal(await told(done => Application.createVoiceApplication(client, { appName: 'nowhere' }, done))), [400, '12802']);
  return again;
}

async function realms(application) {
  const { realm } = await given(request('post', 'realms', { realm: { realm: 'node', default: false } }));
  fact('realms: 201 and CREATE_PENDING', [typeof realm.id, realm.status, realm.default, realm.sipCredentialCount], ['number', 'CREATE_PENDING', false, 0]);
  let status;
  while (status !== 'ACTIVE') ({ realm: { status } } = await given(request('get', `realms/${realm.id}`)));
  const one = { userName: 'node', hash1: '1be6abcaa8e9956021d30f33a3925b99', hash1b: 'e028e6577a0bb1b90a33d30a110dbdfe', httpVoiceV2AppId: application.applicationId };
  const body = { sipCredentials: { sipCredential: [one] } };
  const created = await given(request('post', `realms/${realm.id}/sipCredentials`, body));
  const credential = created.validSipCredentials.sipCredential;
  fact('sipCredentials: 201 with the hashes as sent', [credential.userName, credential.hash1, credential.hash1b, credential.httpVoiceV2AppId], Object.values(one));
  fact('sipCredentials: a duplicate is 400', refusal(await told(request('post', `realms/${realm.id}/sipCredentials`, body))), [400, '23026']);
  const list = await given(request('get', `realms/${realm.id}/sipCredentials`));
  fact('sipCredentials: the list by its redirect', list.sipCredentials.sipCredential.id, credential.id);
  await given(request('delete', `realms/${realm.id}/sipCredentials/${credential.id}`));
  await given(request('delete', `realms/${realm.id}`));
  await given(done => application.delete(done));
  fact('Application.delete: it is gone', refusal(await told(done => Application.get(client, application.applicationId, done))), [404, '13629']);
}

async function authentication() {
  const stranger = new Client(run.accountId, run.username, 'guessed', undefined, undefined, options());
  fact('Client: 401 with a wrong password', refusal(await told(done => Site.list(stranger, done)))[0], 401);
  const reply = await fetch(`${run.origin}/api/v1/oauth2/token`, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${Buffer.from(`${run.username}:${run.password}`).toString('base64')}` },
  });
  const { access_token: tempAccessToken } = await reply.json();
  const bearer = new Client(run.accountId, undefined, undefined, undefined, undefined, { ...options(), tempAccessToken });
  fact('Client: a token that was handed in', await given(done => Site.list(bearer, done)), []);
  const lost = new Client('1234567', run.username, run.password, undefined, undefined, options());
  fact('Client: 404 for an account of others', refusal(await told(done => Site.list(lost, done))), [404, '4022']);
}

const site = await sites();
const application = await applications();
await sipPeers(site, application);
await realms(application);
await authentication();
