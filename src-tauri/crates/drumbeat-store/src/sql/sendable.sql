WHERE state = 'queued'
  AND (not_before IS NULL OR not_before <= ?1)
  AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.id = outbox.decision AND decision.held IS NOT NULL)
  AND NOT EXISTS (
      SELECT 1 FROM outbox AS earlier
      WHERE earlier.object = outbox.object AND earlier.record = outbox.record AND earlier.seq < outbox.seq
        AND earlier.state NOT IN ('done', 'superseded', 'withdrawn'))
  AND NOT EXISTS (
      SELECT 1 FROM json_each(outbox.depends_on) AS parent
      WHERE NOT EXISTS (SELECT 1 FROM outbox AS op WHERE op.op_id = parent.value AND op.state = 'done'))
ORDER BY seq LIMIT ?2
