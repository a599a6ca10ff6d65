//! The JSON Schema of the policy file, made from the types: editors check and complete by it, and so does
//! [`check`](super::check). Numbers have their ranges in it, closed lists their words.

use std::sync::LazyLock;

use serde_json::Value;

use super::Policy;

/// The schema, made once.
pub(super) fn schema() -> &'static Value {
    static ONCE: LazyLock<Value> = LazyLock::new(|| {
        schemars::generate::SchemaSettings::draft07().into_generator().into_root_schema_for::<Policy>().to_value()
    });
    &ONCE
}

/// The schema as a file for editors.
#[must_use]
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

/// What a schema stands for: its own content, or what it refers to.
pub(super) fn of(schema: &'static Value) -> &'static Value {
    let mut here = schema;
    loop {
        let named = here.get("$ref").or_else(|| here.pointer("/allOf/0/$ref")).and_then(Value::as_str);
        if let Some(there) = named.and_then(|name| self::schema().pointer(name.trim_start_matches('#'))) {
            here = there;
            continue;
        }
        // "This, or nothing": what is there is this.
        let Some(first) = here.get("anyOf").and_then(|all| all.get(0)) else { return here };
        here = first;
    }
}

/// The schema of the value at a path such as `protection.default_days`; `None` when there is no such place.
pub(super) fn at(path: &str) -> Option<&'static Value> {
    path.split('.').try_fold(self::of(schema()), |here, part| {
        let own = here.get("properties").and_then(|all| all.get(part));
        own.or_else(|| here.get("additionalProperties").filter(|it| it.is_object())).map(of)
    })
}

/// Least and most of a number.
pub(super) fn range(schema: &Value) -> (u64, u64) {
    let number = |key: &str| schema.get(key).and_then(|it| it.as_u64().or_else(|| it.as_f64().map(|it| it as u64)));
    (number("minimum").unwrap_or(0), number("maximum").unwrap_or(u32::MAX.into()))
}

/// The words of a closed list.
pub(super) fn words(schema: &Value) -> Option<Vec<&str>> {
    Some(schema.get("enum")?.as_array()?.iter().filter_map(Value::as_str).collect())
}
