//! What an object is made of: its fields with their types, picklists and rights.

use serde_json::{Map, Value};

/// A field's type, as describe names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Id,
    Text,
    LongText,
    Picklist,
    MultiPicklist,
    Combobox,
    Reference,
    Boolean,
    Currency,
    Double,
    Percent,
    Int,
    Date,
    DateTime,
    Email,
    Phone,
    Url,
    Base64,
}

impl Type {
    pub(crate) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "id" => Type::Id,
            "string" => Type::Text,
            "textarea" => Type::LongText,
            "picklist" => Type::Picklist,
            "multipicklist" => Type::MultiPicklist,
            "combobox" => Type::Combobox,
            "reference" => Type::Reference,
            "boolean" => Type::Boolean,
            "currency" => Type::Currency,
            "double" => Type::Double,
            "percent" => Type::Percent,
            "int" => Type::Int,
            "date" => Type::Date,
            "datetime" => Type::DateTime,
            "email" => Type::Email,
            "phone" => Type::Phone,
            "url" => Type::Url,
            "base64" => Type::Base64,
            _ => return None,
        })
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Type::Id => "id",
            Type::Text => "string",
            Type::LongText => "textarea",
            Type::Picklist => "picklist",
            Type::MultiPicklist => "multipicklist",
            Type::Combobox => "combobox",
            Type::Reference => "reference",
            Type::Boolean => "boolean",
            Type::Currency => "currency",
            Type::Double => "double",
            Type::Percent => "percent",
            Type::Int => "int",
            Type::Date => "date",
            Type::DateTime => "datetime",
            Type::Email => "email",
            Type::Phone => "phone",
            Type::Url => "url",
            Type::Base64 => "base64",
        }
    }

    pub(crate) fn soap(self) -> &'static str {
        match self {
            Type::Id | Type::Reference => "tns:ID",
            Type::Boolean => "xsd:boolean",
            Type::Currency | Type::Double | Type::Percent => "xsd:double",
            Type::Int => "xsd:int",
            Type::Date => "xsd:date",
            Type::DateTime => "xsd:dateTime",
            Type::Base64 => "xsd:base64Binary",
            _ => "xsd:string",
        }
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Type::Currency | Type::Double | Type::Percent | Type::Int)
    }

    fn length(self) -> u32 {
        match self {
            Type::Id | Type::Reference => 18,
            Type::Text | Type::Picklist | Type::Combobox | Type::Url => 255,
            Type::LongText => 32_000,
            Type::MultiPicklist => 4_099,
            Type::Email => 80,
            Type::Phone => 40,
            _ => 0,
        }
    }
}

/// Where a field's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Cell,
    Id,
    Deleted,
    Created,
    Creator,
    Modified,
    Modifier,
    Stamp,
}

/// One option of a picklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) active: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) of: Type,
    pub(crate) held: Held,
    pub(crate) length: u32,
    pub(crate) scale: u32,
    pub(crate) custom: bool,
    pub(crate) createable: bool,
    pub(crate) updateable: bool,
    pub(crate) nillable: bool,
    /// Has to be given at a create, nothing stands in for it.
    pub(crate) required: bool,
    pub(crate) unique: bool,
    pub(crate) external: bool,
    pub(crate) calculated: bool,
    pub(crate) names: bool,
    pub(crate) filterable: bool,
    pub(crate) sortable: bool,
    pub(crate) restricted: bool,
    pub(crate) choices: Vec<Choice>,
    pub(crate) refers: Vec<String>,
    pub(crate) relationship: Option<String>,
    /// What the referred object calls its rows here.
    pub(crate) children: Option<String>,
    /// Are rows found by what they refer to?
    pub(crate) indexed: bool,
    /// The admin has taken it away.
    pub(crate) gone: bool,
}

/// `Next_Step_Due__c` and `NextStep` as people read them.
pub(crate) fn label(name: &str) -> String {
    let stem = name.strip_suffix("__c").unwrap_or(name);
    let stem = match stem.strip_suffix("Id") {
        Some(head) if !head.is_empty() => format!("{head}ID"),
        _ => stem.to_owned(),
    };
    let mut out = String::new();
    let mut before = ' ';
    for c in stem.chars() {
        if c == '_' {
            out.push(' ');
        } else {
            if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
                out.push(' ');
            }
            out.push(c);
        }
        before = c;
    }
    out
}

pub(crate) fn choice(text: &str) -> Choice {
    let (value, label) = text.split_once('=').unwrap_or((text, text));
    Choice { value: value.into(), label: label.into(), active: true }
}

impl Field {
    pub(crate) fn new(name: &str, of: Type) -> Self {
        Field {
            name: name.into(),
            label: label(name),
            of,
            held: Held::Cell,
            length: of.length(),
            scale: if matches!(of, Type::Currency | Type::Double | Type::Percent) { 2 } else { 0 },
            custom: name.ends_with("__c"),
            createable: true,
            updateable: true,
            nillable: of != Type::Boolean,
            required: false,
            unique: false,
            external: false,
            calculated: false,
            names: false,
            filterable: !matches!(of, Type::LongText | Type::Base64),
            sortable: !matches!(of, Type::LongText | Type::MultiPicklist | Type::Base64),
            restricted: false,
            choices: Vec::new(),
            refers: Vec::new(),
            relationship: None,
            children: None,
            indexed: false,
            gone: false,
        }
    }

    /// Reads a line of a catalog: `name type flags rest`.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let mut words = line.splitn(4, ' ');
        let (name, of, flags) = (words.next()?, words.next()?, words.next().unwrap_or("-"));
        let rest = words.next().unwrap_or_default();
        let (of, length) = match of.split_once('(') {
            Some((of, length)) => (of, length.trim_end_matches(')').parse().ok()),
            None => (of, None),
        };
        let mut field = Field::new(name, Type::named(of)?);
        field.length = length.unwrap_or(field.length);
        for flag in flags.split(',') {
            match flag {
                "ro" => (field.createable, field.updateable) = (false, false),
                "once" => field.updateable = false,
                "req" => (field.required, field.nillable) = (true, false),
                "full" => field.nillable = false,
                "uniq" => field.unique = true,
                "ext" => field.external = true,
                "calc" => (field.createable, field.updateable, field.calculated) = (false, false, true),
                "name" => field.names = true,
                "restricted" => field.restricted = true,
                "long" => (field.filterable, field.sortable) = (false, false),
                _ => {}
            }
        }
        if field.of == Type::Reference {
            field.refer(rest);
        } else {
            field.choices = rest.split('|').filter(|c| !c.is_empty()).map(choice).collect();
        }
        Some(field)
    }

    /// `Account,Contact Who Tasks`: to what, by which name, and back.
    fn refer(&mut self, rest: &str) {
        let mut words = rest.split(' ').filter(|w| !w.is_empty());
        self.refers = words.next().unwrap_or_default().split(',').map(str::to_owned).collect();
        let own = match self.name.strip_suffix("__c") {
            Some(stem) => format!("{stem}__r"),
            None => self.name.trim_end_matches("Id").to_owned(),
        };
        self.relationship = Some(words.next().filter(|w| *w != "-").map_or(own, str::to_owned));
        self.children = words.next().map(str::to_owned);
        self.indexed = self.children.is_some();
    }

    pub(crate) fn system(name: &str, of: Type, held: Held) -> Self {
        Field { held, createable: false, updateable: false, nillable: false, ..Field::new(name, of) }
    }

    /// As describe tells it to somebody who may change it, or not.
    pub(crate) fn describe(&self, may: bool) -> Value {
        let number = self.of.is_number();
        let picklist: Vec<Value> = self
            .choices
            .iter()
            .map(|c| {
                serde_json::json!({"active": c.active, "defaultValue": false, "label": c.label, "validFor": null, "value": c.value})
            })
            .collect();
        let mut all = Map::new();
        let mut put = |name: &str, value: Value| {
            all.insert(name.to_owned(), value);
        };
        put("aggregatable", (self.of != Type::LongText).into());
        put("aiPredictionField", false.into());
        put("autoNumber", false.into());
        put("byteLength", (self.length * 3).into());
        put("calculated", self.calculated.into());
        put("calculatedFormula", Value::Null);
        put("cascadeDelete", false.into());
        put("caseSensitive", false.into());
        put("compoundFieldName", Value::Null);
        put("controllerName", Value::Null);
        put("createable", (self.createable && may).into());
        put("custom", self.custom.into());
        put("defaultValue", if self.of == Type::Boolean { false.into() } else { Value::Null });
        put("defaultValueFormula", Value::Null);
        put("defaultedOnCreate", (!self.nillable && !self.required).into());
        put("dependentPicklist", false.into());
        put("deprecatedAndHidden", false.into());
        put("digits", (if self.of == Type::Int { 8 } else { 0 }).into());
        put("displayLocationInDecimal", false.into());
        put("encrypted", false.into());
        put("externalId", self.external.into());
        put("extraTypeInfo", if self.of == Type::LongText { "plaintextarea".into() } else { Value::Null });
        put("filterable", self.filterable.into());
        put("filteredLookupInfo", Value::Null);
        put("formulaTreatNullNumberAsZero", false.into());
        put(
            "groupable",
            (!number && self.filterable && !matches!(self.of, Type::DateTime | Type::MultiPicklist)).into(),
        );
        put("highScaleNumber", false.into());
        put("htmlFormatted", false.into());
        put("idLookup", (self.external || self.of == Type::Id).into());
        put("inlineHelpText", Value::Null);
        put("label", self.label.clone().into());
        put("length", self.length.into());
        put("mask", Value::Null);
        put("maskType", Value::Null);
        put("name", self.name.clone().into());
        put("nameField", self.names.into());
        put("namePointing", (self.refers.len() > 1).into());
        put("nillable", self.nillable.into());
        put("permissionable", (self.updateable && !self.required).into());
        put("picklistValues", picklist.into());
        put("polymorphicForeignKey", (self.refers.len() > 1).into());
        put("precision", (if number { 18 } else { 0 }).into());
        put("queryByDistance", false.into());
        put("referenceTargetField", Value::Null);
        put("referenceTo", self.refers.clone().into());
        put("relationshipName", self.relationship.clone().into());
        put("relationshipOrder", Value::Null);
        put("restrictedDelete", false.into());
        put("restrictedPicklist", self.restricted.into());
        put("scale", self.scale.into());
        put("searchPrefilterable", (self.of == Type::Reference).into());
        put("soapType", self.of.soap().into());
        put("sortable", self.sortable.into());
        put("type", self.of.word().into());
        put("unique", self.unique.into());
        put("updateable", (self.updateable && may).into());
        put("writeRequiresMasterRead", false.into());
        Value::Object(all)
    }
}
