// Drives a CRM with jsforce, unmodified, and checks every answer.
// In: DRUMBEAT_SANDBOX_URL, DRUMBEAT_SANDBOX_TOKEN. Out: one JSON object on stdout; exits 1 when a check fails.
import assert from 'node:assert/strict';
import jsforce from 'jsforce';

const instanceUrl = process.env.DRUMBEAT_SANDBOX_URL;
const accessToken = process.env.DRUMBEAT_SANDBOX_TOKEN;
if (!instanceUrl || !accessToken) {
  console.error('DRUMBEAT_SANDBOX_URL and DRUMBEAT_SANDBOX_TOKEN must be set');
  process.exit(2);
}
const conn = new jsforce.Connection({ instanceUrl, accessToken, version: '62.0', maxRequest: 5 });
conn.bulk2.pollInterval = 10;
const done = [];
const failed = [];

async function check(name, work) {
  try {
    const seen = await work();
    done.push({ name, ...(seen === undefined ? {} : { seen }) });
  } catch (error) {
    failed.push({ name, code: error.errorCode, message: String(error.message ?? error).slice(0, 600) });
  }
}

/** Expects jsforce to throw with this error code. */
async function refused(code, work) {
  try {
    await work();
  } catch (error) {
    assert.equal(error.errorCode, code, `expected ${code}: ${error.message}`);
    return error;
  }
  assert.fail(`expected a refusal with ${code}`);
}

const stamp = Date.now().toString(36);
let account, deal;

await check('versions and limits', async () => {
  const versions = await conn.request('/services/data');
  assert.ok(versions.length > 10);
  const limits = await conn.limits();
  assert.ok(limits.DailyApiRequests.Max > 0);
  assert.ok(conn.limitInfo.apiUsage.limit > 0 && conn.limitInfo.apiUsage.used > 0);
});

await check('identity', async () => {
  const me = await conn.request('/services/oauth2/userinfo');
  assert.match(me.email, /@/);
  assert.equal(me.organization_id.length, 18);
});

await check('describe', async () => {
  const all = await conn.describeGlobal();
  assert.ok(all.sobjects.some((o) => o.name === 'Opportunity' && o.keyPrefix === '006'));
  const opportunity = await conn.sobject('Opportunity').describe();
  assert.ok(opportunity.fields.find((f) => f.name === 'StageName').picklistValues.length > 3);
  assert.ok(opportunity.recordTypeInfos.some((t) => t.master));
  const layouts = await conn.sobject('Opportunity').layouts();
  assert.ok(layouts.recordTypeMappings.length > 0);
  return opportunity.fields.length;
});

await check('create, read, update', async () => {
  account = await conn.sobject('Account').create({ Name: `Driven ${stamp}` });
  assert.ok(account.success && account.id.startsWith('001'));
  deal = await conn.sobject('Opportunity').create({
    Name: `Deal ${stamp}`, AccountId: account.id, StageName: 'Closed won', CloseDate: '2027-01-31', Amount: 4821.5,
  });
  const read = await conn.sobject('Opportunity').retrieve(deal.id);
  assert.equal(read.Amount, 4821.5);
  assert.equal(read.IsWon, true);
  const updated = await conn.sobject('Opportunity').update({ Id: deal.id, NextStep: 'Call' });
  assert.ok(updated.success);
});

await check('upsert by an external id', async () => {
  const body = { Drumbeat_Op_Id__c: `op-${stamp}`, Subject: 'Call', Status: 'Not Started' };
  const first = await conn.sobject('Task').upsert(body, 'Drumbeat_Op_Id__c');
  const again = await conn.sobject('Task').upsert(body, 'Drumbeat_Op_Id__c');
  assert.equal(first.created, true);
  assert.equal(again.created, false);
  assert.equal(first.id, again.id);
});

await check('many at once', async () => {
  const records = Array.from({ length: 250 }, (_, i) => ({ Name: `Many ${stamp} ${i}` }));
  const made = await conn.sobject('Account').create(records, { allowRecursive: true });
  assert.equal(made.filter((m) => m.success).length, 250);
  const read = await conn.sobject('Account').retrieve(made.slice(0, 3).map((m) => m.id), { fields: ['Name'] });
  assert.equal(read[2].Name, `Many ${stamp} 2`);
  const gone = await conn.sobject('Account').destroy(made.map((m) => m.id), { allowRecursive: true });
  assert.equal(gone.filter((m) => m.success).length, 250);
});

await check('queries and pages', async () => {
  const one = await conn.query(`SELECT Id, Name, Account.Name FROM Opportunity WHERE Id = '${deal.id}'`);
  assert.equal(one.records[0].Account.Name, `Driven ${stamp}`);
  const found = await conn.sobject('Account').find({ Name: { $like: `Driven ${stamp}%` } }, ['Id', 'Name']).limit(5);
  assert.equal(found.length, 1);
  const children = await conn.query(`SELECT Id, (SELECT Id, Name FROM Opportunities) FROM Account WHERE Id = '${account.id}'`);
  assert.equal(children.records[0].Opportunities.records.length, 1);
  const count = await conn.query('SELECT COUNT() FROM Opportunity');
  const pages = await conn.query('SELECT Id FROM Opportunity', { autoFetch: true, maxFetch: 100_000 });
  assert.equal(pages.records.length, count.totalSize);
  const sums = await conn.query('SELECT StageName s, COUNT(Id) n FROM Opportunity GROUP BY StageName').catch((e) => e);
  assert.ok(sums instanceof Error || sums.records.length > 1);
  return count.totalSize;
});

await check('bulk queries', async () => {
  const stream = await conn.bulk2.query('SELECT Id, Name, Amount FROM Opportunity');
  const records = await stream.toArray();
  const count = await conn.query('SELECT COUNT() FROM Opportunity');
  assert.equal(records.length, count.totalSize);
  assert.ok(records.some((r) => r.Name === `Deal ${stamp}`));
  return records.length;
});

await check('fields of the customer', async () => {
  const name = `Driven_${stamp}__c`;
  const made = await conn.tooling.sobject('CustomField').create({
    FullName: `Opportunity.${name}`, Metadata: { type: 'Text', label: 'Driven', length: 20 },
  });
  assert.ok(made.success);
  await conn.sobject('Opportunity').update({ Id: deal.id, [name]: 'here' });
  const read = await conn.sobject('Opportunity').retrieve(deal.id);
  assert.equal(read[name], 'here');
});

await check('a lead is converted', async () => {
  const lead = await conn.sobject('Lead').create({ Company: `Lead ${stamp}`, LastName: 'Someone' });
  const converted = await conn.soap.convertLead({ leadId: lead.id, convertedStatus: 'Closed - Converted' });
  assert.ok(converted.success, JSON.stringify(converted));
  const after = await conn.sobject('Lead').retrieve(lead.id);
  assert.equal(after.ConvertedOpportunityId, converted.opportunityId);
});

await check('what changed and what went', async () => {
  const now = Date.now();
  const about = [new Date(now - 86_400_000), new Date(now + 600_000)];
  const deleted = await conn.sobject('Account').deleted(...about);
  assert.ok(Array.isArray(deleted.deletedRecords) && deleted.latestDateCovered);
  const updated = await conn.sobject('Opportunity').updated(...about);
  assert.ok(updated.ids.includes(deal.id));
});

await check('refusals', async () => {
  await refused('MALFORMED_QUERY', () => conn.query('SELECT Id FORM Account'));
  await refused('INVALID_FIELD', () => conn.query('SELECT Nope FROM Account'));
  await refused('INVALID_TYPE', () => conn.query('SELECT Id FROM Nope'));
  await refused('REQUIRED_FIELD_MISSING', () => conn.sobject('Account').create({}));
  const wrong = new jsforce.Connection({ instanceUrl, accessToken: 'x', version: '62.0' });
  await refused('INVALID_SESSION_ID', () => wrong.query('SELECT Id FROM Account'));
});

console.log(JSON.stringify({ done, failed }, null, 2));
process.exit(failed.length ? 1 : 0);
