INSERT INTO deal (
    id, name, account, account_name, partner, partner_name, amount, currency, pipeline, stage, stage_label, position, outcome, motion, attribution, attribution_pct, owner, close_date, created_day, protection_end, notes_at, next_step_due, registration, stalled_on, missing_hard, hygiene, is_pending, home
) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name,
    account = excluded.account,
    account_name = excluded.account_name,
    partner = excluded.partner,
    partner_name = excluded.partner_name,
    amount = excluded.amount,
    currency = excluded.currency,
    pipeline = excluded.pipeline,
    stage = excluded.stage,
    stage_label = excluded.stage_label,
    position = excluded.position,
    outcome = excluded.outcome,
    motion = excluded.motion,
    attribution = excluded.attribution,
    attribution_pct = excluded.attribution_pct,
    owner = excluded.owner,
    close_date = excluded.close_date,
    created_day = excluded.created_day,
    protection_end = excluded.protection_end,
    notes_at = excluded.notes_at,
    next_step_due = excluded.next_step_due,
    registration = excluded.registration,
    stalled_on = excluded.stalled_on,
    missing_hard = excluded.missing_hard,
    hygiene = excluded.hygiene,
    is_pending = excluded.is_pending,
    home = excluded.home
RETURNING rowid
