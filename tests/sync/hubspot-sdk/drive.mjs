// Drives a CRM with HubSpot's own Node client, unmodified, and checks every answer.
// In: DRUMBEAT_SANDBOX_URL, DRUMBEAT_SANDBOX_TOKEN. Out: one JSON object on stdout; exits 1 when a check fails.
import assert from 'node:assert/strict';
import hubspot from '@hubspot/api-client';

const basePath = process.env.DRUMBEAT_SANDBOX_URL;
const accessToken = process.env.DRUMBEAT_SANDBOX_TOKEN;
if (!basePath || !accessToken) {
  console.error('DRUMBEAT_SANDBOX_URL and DRUMBEAT_SANDBOX_TOKEN must be set');
  process.exit(2);
}
const client = new hubspot.Client({ basePath, accessToken, numberOfApiCallRetries: 3 });
const { crm } = client;
const done = [];
const failed = [];

async function check(name, work) {
  try {
    const seen = await work();
    done.push({ name, ...(seen === undefined ? {} : { seen }) });
  } catch (error) {
    failed.push({ name, code: error.code, message: String(error.message ?? error).slice(0, 600) });
  }
}

/** Expects the SDK to throw an ApiException with this status. */
async function refused(status, work) {
  try {
    await work();
  } catch (error) {
    assert.equal(error.code, status, `expected ${status}: ${error.message}`);
    return error.body;
  }
  assert.fail(`expected a refusal with ${status}`);
}

const stamp = Date.now().toString(36);
let deal, company, note, stages, pipeline;

await check('pipelines', async () => {
  const all = await crm.pipelines.pipelinesApi.getAll('deals');
  pipeline = all.results[0];
  stages = pipeline.stages;
  assert.ok(stages.length >= 4 && stages.every((s) => s.metadata.probability !== undefined));
  const one = await crm.pipelines.pipelineStagesApi.getById('deals', pipeline.id, stages[0].id);
  assert.equal(one.id, stages[0].id);
  return all.results.length;
});

await check('owners', async () => {
  const page = await crm.owners.ownersApi.getPage(undefined, undefined, 2);
  assert.equal(page.results.length, 2);
  assert.match(page.results[0].email, /@/);
  const next = await crm.owners.ownersApi.getPage(undefined, page.paging.next.after, 2);
  assert.notEqual(next.results[0].id, page.results[0].id);
  const one = await crm.owners.ownersApi.getById(Number(page.results[0].id));
  assert.equal(one.id, page.results[0].id);
});

await check('list pages', async () => {
  const ids = new Set();
  let after;
  do {
    const page = await crm.deals.basicApi.getPage(100, after, ['dealname', 'amount', 'no_such'], undefined, ['companies']);
    for (const d of page.results) ids.add(d.id);
    assert.ok(page.results[0].createdAt instanceof Date);
    assert.ok(!('no_such' in page.results[0].properties));
    after = page.paging?.next?.after;
  } while (after && ids.size < 500);
  assert.ok(ids.size >= 100);
  return ids.size;
});

await check('get all through the helper', async () => {
  const all = await crm.companies.getAll(undefined, undefined, ['name']);
  assert.ok(all.length > 20);
  assert.equal(new Set(all.map((c) => c.id)).size, all.length);
  return all.length;
});

await check('create, with an association', async () => {
  company = await crm.companies.basicApi.create({ properties: { name: `Drive ${stamp}`, domain: `drive-${stamp}.example` }, associations: [] });
  deal = await crm.deals.basicApi.create({
    properties: { dealname: `Drive ${stamp}`, dealstage: stages[0].id, pipeline: pipeline.id, amount: '1200.50' },
    associations: [{ to: { id: company.id }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }] }],
  });
  assert.equal(deal.properties.amount, '1200.50');
  assert.equal(deal.archived, false);
});

await check('get by id', async () => {
  const got = await crm.deals.basicApi.getById(deal.id, ['dealname', 'closedate'], ['dealstage'], ['companies']);
  assert.equal(got.properties.dealname, `Drive ${stamp}`);
  assert.equal(got.properties.closedate, null);
  assert.equal(got.propertiesWithHistory.dealstage[0].value, stages[0].id);
  assert.deepEqual([...new Set(got.associations.companies.results.map((r) => r.id))], [company.id]);
});

await check('update and history', async () => {
  const was = (await crm.deals.basicApi.getById(deal.id)).updatedAt;
  const got = await crm.deals.basicApi.update(deal.id, { properties: { dealstage: stages[1].id, amount: '1300' } });
  assert.equal(got.properties.amount, '1300');
  assert.ok(got.updatedAt >= was);
  const past = await crm.deals.basicApi.getById(deal.id, undefined, ['amount']);
  assert.deepEqual(past.propertiesWithHistory.amount.map((v) => v.value), ['1300', '1200.50']);
});

await check('refusals', async () => {
  const body = await refused(400, () => crm.deals.basicApi.create({ properties: { dealname: 'x', dealstage: stages[0].id, nope: '1' }, associations: [] }));
  assert.equal(body.category, 'VALIDATION_ERROR');
  assert.match(body.correlationId, /^[0-9a-f-]{36}$/);
  await refused(400, () => crm.deals.basicApi.update(deal.id, { properties: { hs_is_closed: 'true' } }));
  await refused(400, () => crm.deals.basicApi.update(deal.id, { properties: { dealstage: 'nowhere' } }));
  const missing = await refused(404, () => crm.deals.basicApi.getById('1'));
  assert.equal(missing.category, 'OBJECT_NOT_FOUND');
});

await check('a contact e-mail is unique', async () => {
  const properties = { email: `drive-${stamp}@one.example`, firstname: 'Drive' };
  await crm.contacts.basicApi.create({ properties, associations: [] });
  const body = await refused(409, () => crm.contacts.basicApi.create({ properties, associations: [] }));
  assert.match(body.message, /Existing ID: \d+/);
  const got = await crm.contacts.basicApi.getById(properties.email, undefined, undefined, undefined, false, 'email');
  assert.equal(got.properties.email, properties.email);
});

await check('batch create, update, read, archive', async () => {
  const made = await crm.deals.batchApi.create({
    inputs: [1, 2, 3].map((n) => ({ properties: { dealname: `Batch ${n} ${stamp}`, dealstage: stages[0].id }, associations: [] })),
  });
  const ids = made.results.map((r) => r.id);
  assert.equal(ids.length, 3);
  const set = await crm.deals.batchApi.update({ inputs: ids.map((id) => ({ id, properties: { amount: '5' } })) });
  assert.ok(set.results.every((r) => r.properties.amount === '5'));
  const read = await crm.deals.batchApi.read({ inputs: [...ids, '1'].map((id) => ({ id })), properties: ['amount'], propertiesWithHistory: [] });
  assert.equal(read.results.length, 3);
  assert.equal(read.numErrors, 1);
  assert.deepEqual(read.errors[0].context.ids, ['1']);
  await crm.deals.batchApi.archive({ inputs: ids.map((id) => ({ id })) });
  await refused(404, () => crm.deals.basicApi.getById(ids[0]));
  const bin = await crm.deals.basicApi.getById(ids[0], undefined, undefined, undefined, true);
  assert.equal(bin.archived, true);
});

await check('search', async () => {
  const page = await crm.deals.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: '0' }] }],
    sorts: ['hs_lastmodifieddate'],
    properties: ['dealname'],
    limit: 200,
    after: '0',
  });
  assert.equal(page.results.length, Math.min(200, page.total));
  const times = page.results.map((r) => Date.parse(r.properties.hs_lastmodifieddate));
  assert.deepEqual(times, [...times].sort((a, b) => a - b));
  const one = await crm.companies.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: 'domain', operator: 'EQ', value: `drive-${stamp}.example` }] }],
    limit: 10,
  });
  assert.equal(one.total, 1);
  await refused(400, () => crm.deals.searchApi.doSearch({ filterGroups: [], limit: 200, after: '10000' }));
  return page.total;
});

await check('associations', async () => {
  const api = crm.associations.v4;
  note = await crm.objects.notes.basicApi.create({ properties: { hs_timestamp: new Date().toISOString(), hs_note_body: 'From the drive' }, associations: [] });
  const to = await api.basicApi.createDefault('notes', note.id, 'deals', deal.id);
  assert.equal(to.results[0].associationSpec.associationTypeId, 214);
  const page = await api.basicApi.getPage('deals', deal.id, 'companies');
  assert.equal(String(page.results[0].toObjectId), company.id);
  assert.deepEqual(page.results[0].associationTypes.map((t) => t.typeId).sort((a, b) => a - b), [5, 341]);
  const read = await api.batchApi.getPage('deals', 'companies', { inputs: [{ id: deal.id }] });
  assert.equal(read.results[0]._from.id, deal.id);
  const labels = await api.schema.definitionsApi.getAll('deals', 'companies');
  assert.ok(labels.results.some((l) => l.typeId === 5 && l.label === 'Primary'));
  await api.basicApi.archive('notes', note.id, 'deals', deal.id);
  assert.equal((await api.basicApi.getPage('notes', note.id, 'deals')).results.length, 0);
});

await check('properties and groups', async () => {
  const group = await crm.properties.groupsApi.create('deals', { name: `drive_${stamp}`, label: 'Drive' });
  assert.equal(group.label, 'Drive');
  const made = await crm.properties.coreApi.create('deals', {
    name: `drive_key_${stamp}`, label: 'Drive key', type: 'string', fieldType: 'text', groupName: group.name, hasUniqueValue: true,
  });
  assert.equal(made.hasUniqueValue, true);
  await crm.deals.basicApi.update(deal.id, { properties: { [made.name]: 'k1' } });
  const by = await crm.deals.basicApi.getById('k1', undefined, undefined, undefined, false, made.name);
  assert.equal(by.id, deal.id);
  await refused(400, () => crm.deals.basicApi.create({ properties: { dealname: 'x', dealstage: stages[0].id, [made.name]: 'k1' }, associations: [] }));
  const all = await crm.properties.coreApi.getAll('deals');
  assert.ok(all.results.find((p) => p.name === 'dealstage').options.length >= stages.length);
  await crm.deals.basicApi.update(deal.id, { properties: { [made.name]: '' } });
  await crm.properties.coreApi.archive('deals', made.name);
  return all.results.length;
});

await check('schemas and custom objects', async () => {
  const all = await crm.schemas.coreApi.getAll();
  const registration = all.results.find((s) => s.name === 'partner_registration');
  assert.equal(registration.objectTypeId, '2-1001');
  for (const name of ['partner_registration', registration.fullyQualifiedName, registration.objectTypeId]) {
    const page = await crm.objects.basicApi.getPage(name, 5, undefined, ['registration_status']);
    assert.ok(page.results.length > 0, name);
  }
  const made = await crm.objects.basicApi.create('partner_registration', { properties: { registration_name: `Drive ${stamp}`, registration_status: 'submitted' }, associations: [] });
  const set = await crm.objects.basicApi.update('2-1001', made.id, { properties: { registration_status: 'approved' } });
  assert.equal(set.properties.registration_status, 'approved');
  return all.results.length;
});

await check('merge', async () => {
  const pair = await crm.companies.batchApi.create({ inputs: [1, 2].map((n) => ({ properties: { name: `Twin ${n} ${stamp}` }, associations: [] })) });
  const [a, b] = pair.results.map((r) => r.id);
  const survivor = await crm.companies.basicApi.merge({ primaryObjectId: a, objectIdToMerge: b });
  assert.equal((await crm.companies.basicApi.getById(b)).id, survivor.id);
  assert.ok(survivor.properties.hs_merged_object_ids.split(';').includes(b));
});

await check('archive', async () => {
  await crm.objects.notes.basicApi.archive(note.id);
  await crm.deals.basicApi.archive(deal.id);
  await refused(404, () => crm.deals.basicApi.getById(deal.id));
});

await check('a wrong token', async () => {
  const other = new hubspot.Client({ basePath, accessToken: 'nobody' });
  const body = await refused(401, () => other.crm.deals.basicApi.getPage(1));
  assert.equal(body.category, 'INVALID_AUTHENTICATION');
});

console.log(JSON.stringify({ sdk: '@hubspot/api-client', passed: done.length, failed, done }, null, 2));
process.exit(failed.length === 0 ? 0 : 1);
