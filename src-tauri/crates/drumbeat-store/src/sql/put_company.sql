INSERT INTO company (
    id, name, name_key, domain_key, country, city, region, owner, is_partner, partner_type, tier, status, incumbent, renewal_date, is_blocked, phone, partner_since, retention, satisfaction, integrated
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    name_key = excluded.name_key,
    domain_key = excluded.domain_key,
    country = excluded.country,
    city = excluded.city,
    region = excluded.region,
    owner = excluded.owner,
    is_partner = excluded.is_partner,
    partner_type = excluded.partner_type,
    tier = excluded.tier,
    status = excluded.status,
    incumbent = excluded.incumbent,
    renewal_date = excluded.renewal_date,
    is_blocked = excluded.is_blocked,
    phone = excluded.phone,
    partner_since = excluded.partner_since,
    retention = excluded.retention,
    satisfaction = excluded.satisfaction,
    integrated = excluded.integrated
RETURNING rowid
