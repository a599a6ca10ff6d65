WITH RECURSIVE needed (op_id) AS (
    SELECT op_id FROM outbox WHERE state NOT IN ('done', 'superseded', 'withdrawn')
    UNION
    SELECT parent.value
    FROM needed
    JOIN outbox AS child ON child.op_id = needed.op_id
    JOIN json_each(child.depends_on) AS parent
)
SELECT outbox.* FROM needed JOIN outbox ON outbox.op_id = needed.op_id ORDER BY outbox.seq
