INSERT INTO channel_conflict (
    id, root, key, kind, is_sign, status, state, is_open, rank, due_at, partner, other, account, names, motions, region, value, signals, raised_at, acknowledged_at, closed_at, by_rule, finding, life
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)
ON CONFLICT (id) DO UPDATE SET
    root = excluded.root,
    key = excluded.key,
    kind = excluded.kind,
    is_sign = excluded.is_sign,
    status = excluded.status,
    state = excluded.state,
    is_open = excluded.is_open,
    rank = excluded.rank,
    due_at = excluded.due_at,
    partner = excluded.partner,
    other = excluded.other,
    account = excluded.account,
    names = excluded.names,
    motions = excluded.motions,
    region = excluded.region,
    value = excluded.value,
    signals = excluded.signals,
    raised_at = excluded.raised_at,
    acknowledged_at = excluded.acknowledged_at,
    closed_at = excluded.closed_at,
    by_rule = excluded.by_rule,
    finding = excluded.finding,
    life = excluded.life
