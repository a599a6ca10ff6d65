INSERT INTO registration (
    id, number, kind, status, company, name_key, domain_key, partner, partner_name, motion, amount, currency, owner, claimed_by, account, deal, submitted_at, decided_at, protection_end, is_open, is_pending, country, city, phone, decline_reason, met_on
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)
ON CONFLICT (id) DO UPDATE SET
    number = excluded.number,
    kind = excluded.kind,
    status = excluded.status,
    company = excluded.company,
    name_key = excluded.name_key,
    domain_key = excluded.domain_key,
    partner = excluded.partner,
    partner_name = excluded.partner_name,
    motion = excluded.motion,
    amount = excluded.amount,
    currency = excluded.currency,
    owner = excluded.owner,
    claimed_by = excluded.claimed_by,
    account = excluded.account,
    deal = excluded.deal,
    submitted_at = excluded.submitted_at,
    decided_at = excluded.decided_at,
    protection_end = excluded.protection_end,
    is_open = excluded.is_open,
    is_pending = excluded.is_pending,
    country = excluded.country,
    city = excluded.city,
    phone = excluded.phone,
    decline_reason = excluded.decline_reason,
    met_on = excluded.met_on
RETURNING rowid
