//! What the headers of tables and the labels of forms mean, in English, German, French and Spanish.
//!
//! A header means a field when its plain words are one of the field's names; nothing is guessed from words inside
//! longer headers. Two columns never share a field: the first keeps it and the person sees the other.

use drumbeat_model::field::Field;

use crate::text::plain;

/// What a column can be mapped to, in the order in which it is shown.
pub const FIELDS: &[Field] = &[
    Field::CompanyName,
    Field::Domain,
    Field::Country,
    Field::City,
    Field::ContactName,
    Field::FirstName,
    Field::LastName,
    Field::ContactEmail,
    Field::ContactPhone,
    Field::Problem,
    Field::StageGuess,
    Field::Consent,
    Field::RegistrationKind,
    Field::Motion,
    Field::Amount,
    Field::Currency,
    Field::CloseDate,
    Field::Products,
    Field::ProofOfWork,
    Field::Competitors,
    Field::Partner,
    Field::SubmittedAt,
    Field::SubmittedBy,
    Field::Name,
];

/// The names of each field in plain words, parted by `|`.
const NAMES: &[(Field, &str)] = &[
    (
        Field::CompanyName,
        "company|company name|customer|customer name|customer company|end customer|end customer name|endcustomer|end user|\
         end user company|account|account name|prospect|prospect company|organisation|organization|client|client name|\
         firma|firmenname|unternehmen|unternehmensname|kunde|kundenname|endkunde|endkundenname|interessent|\
         societe|nom de la societe|entreprise|nom de l entreprise|raison sociale|nom du client|client final|\
         empresa|nombre de la empresa|cliente|nombre del cliente|cliente final|razon social|compania",
    ),
    (
        Field::Domain,
        "domain|company domain|customer domain|website|web site|web|url|homepage|company website|customer website|\
         domaene|domane|webseite|internetseite|internetadresse|domaine|site|site web|site internet|\
         dominio|sitio web|pagina web",
    ),
    (
        Field::Country,
        "country|country region|customer country|geography|land|kundenland|pays|pays du client|pais|pais del cliente",
    ),
    (Field::City, "city|town|customer city|ort|stadt|ville|ciudad|localidad|poblacion"),
    (
        Field::ContactName,
        "contact|contact name|customer contact|customer contact name|contact person|full name|name of contact|primary contact|\
         ansprechpartner|ansprechpartnerin|kontakt|kontaktperson|kontaktname|name des ansprechpartners|\
         nom du contact|personne de contact|interlocuteur|contact client|\
         contacto|nombre del contacto|nombre de contacto|persona de contacto",
    ),
    (
        Field::FirstName,
        "first name|firstname|given name|contact first name|vorname|prenom|nombre de pila|primer nombre",
    ),
    (
        Field::LastName,
        "last name|lastname|surname|family name|contact last name|nachname|familienname|nom de famille|apellido|apellidos",
    ),
    (
        Field::ContactEmail,
        "email|e mail|mail|email address|e mail address|contact email|contact e mail|customer email|customer contact email|\
         work email|business email|e mail adresse|emailadresse|email adresse|mailadresse|kontakt e mail|e mail ansprechpartner|\
         courriel|adresse e mail|adresse email|email du contact|correo|correo electronico|email de contacto|correo del contacto",
    ),
    (
        Field::ContactPhone,
        "phone|phone number|telephone|contact phone|tel|mobile|customer phone|telefon|telefonnummer|rufnummer|\
         telephone du contact|numero de telephone|telefono|numero de telefono|movil",
    ),
    (
        Field::Problem,
        "problem|need|needs|customer need|use case|challenge|pain|pain point|opportunity description|description|business need|\
         requirements|requirement|bedarf|anforderung|anforderungen|herausforderung|beschreibung|anwendungsfall|problemstellung|\
         besoin|besoins|probleme|defi|description du besoin|cas d usage|\
         necesidad|problema|reto|descripcion|caso de uso|requisitos",
    ),
    (
        Field::StageGuess,
        "stage|stage guess|deal stage|sales stage|opportunity stage|current stage|phase|verkaufsphase|stadium|vertriebsphase|\
         etape|phase de vente|etapa|fase|etapa de venta",
    ),
    (
        Field::Consent,
        "consent|gdpr consent|contact consent|contact agreed|permission|customer consent|einwilligung|zustimmung|einverstandnis|dsgvo einwilligung|\
         consentement|accord du contact|consentimiento|autorizacion",
    ),
    (
        Field::RegistrationKind,
        "kind|type|registration type|registration kind|lead or deal|kind of registration|art|registrierungsart|art der registrierung|\
         type d enregistrement|tipo|tipo de registro",
    ),
    (
        Field::Motion,
        "motion|partner motion|sales motion|route to market|vertriebsweg|partnermodell|modele de vente|canal|modelo de venta",
    ),
    (
        Field::Amount,
        "amount|value|deal value|deal amount|deal size|estimated value|estimated amount|expected amount|opportunity value|\
         opportunity amount|expected revenue|budget|revenue|betrag|wert|auftragswert|umsatz|geschatzter wert|volumen|auftragsvolumen|\
         montant|valeur|montant estime|chiffre d affaires|importe|valor|valor estimado|monto|presupuesto",
    ),
    (Field::Currency, "currency|currency code|iso currency|wahrung|waehrung|wahrungscode|devise|monnaie|moneda|divisa"),
    (
        Field::CloseDate,
        "close date|closing date|expected close|expected close date|estimated close date|target close date|expected closing|close|\
         abschluss|abschlussdatum|erwarteter abschluss|voraussichtlicher abschluss|geplanter abschluss|zieldatum|\
         date de cloture|date de signature|cloture prevue|date de cloture prevue|\
         fecha de cierre|cierre previsto|fecha prevista de cierre|fecha de cierre prevista",
    ),
    (
        Field::Products,
        "product|products|product s|product of interest|solution|solutions|services|service|interest|produkt|produkte|losung|loesung|produktinteresse|\
         produit|produits|producto|productos|solucion",
    ),
    (
        Field::ProofOfWork,
        "proof of work|proof|evidence|activities|work done|meeting notes|nachweis|vorarbeit|nachweise|aktivitaten|geleistete arbeit|\
         preuve|preuves|travail realise|prueba|pruebas|trabajo realizado|evidencia",
    ),
    (
        Field::Competitors,
        "competitor|competitors|competition|competing vendors|wettbewerb|wettbewerber|mitbewerber|konkurrenz|\
         concurrent|concurrents|concurrence|competidor|competidores|competencia",
    ),
    (
        Field::Partner,
        "partner|partner name|partner company|partner organisation|partner organization|reseller|reseller name|partner id|partner account|\
         partnerfirma|partnername|wiederverkaufer|handler|vertriebspartner|partenaire|nom du partenaire|revendeur|\
         socio|nombre del socio|distribuidor|revendedor",
    ),
    (
        Field::SubmittedAt,
        "submitted|submitted at|submitted on|submission date|date submitted|registration date|registered on|timestamp|created|created at|\
         eingereicht|eingereicht am|eingangsdatum|registriert am|registrierungsdatum|zeitstempel|\
         soumis le|date de soumission|date d enregistrement|enviado|enviado el|fecha de envio|fecha de registro",
    ),
    (
        Field::SubmittedBy,
        "submitted by|submitter|registered by|partner contact|partner contact email|partner email|partner rep|sales rep|your email|your name|\
         eingereicht von|registriert von|partnerkontakt|ansprechpartner partner|soumis par|contact partenaire|\
         enviado por|registrado por|contacto del socio",
    ),
    (
        Field::Name,
        "registration|registration number|registration id|registration name|deal registration|deal registration id|reference|reference number|\
         number|ref|registrierung|registrierungsnummer|referenz|nummer|numero d enregistrement|numero|referencia|numero de registro",
    ),
];

/// The field that a header or label means.
#[must_use]
pub fn field(label: &str) -> Option<Field> {
    // What stands in brackets explains: `Amount (EUR)`, `E-mail [required]`.
    let bare = label.split(['(', '[']).next().unwrap_or(label);
    let words = plain(bare);
    if words.is_empty() || words.len() > 60 {
        return None;
    }
    let means = |names: &str| names.split('|').any(|name| name == words);
    NAMES.iter().find(|(_, names)| means(names)).map(|(field, _)| *field)
}

/// The field that each header suggests; none twice.
#[must_use]
pub fn suggest(headers: &[String]) -> Vec<Option<Field>> {
    let mut taken = Vec::new();
    headers
        .iter()
        .map(|header| {
            let field = field(header).filter(|field| !taken.contains(field))?;
            taken.push(field);
            Some(field)
        })
        .collect()
}

/// What a mapping is remembered by: the plain words of all headers in order.
#[must_use]
pub fn signature(headers: &[String]) -> String {
    headers.iter().map(|header| plain(header)).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn headers_of_four_languages_are_understood() {
        for (header, expected) in [
            ("Company Name", Field::CompanyName),
            ("Endkunde*", Field::CompanyName),
            ("Raison sociale", Field::CompanyName),
            ("RAZÓN SOCIAL", Field::CompanyName),
            ("Amount (EUR)", Field::Amount),
            ("Geschätzter Wert", Field::Amount),
            ("Währung", Field::Currency),
            ("Date de clôture", Field::CloseDate),
            ("Fecha de cierre prevista", Field::CloseDate),
            ("Voraussichtlicher Abschluss:", Field::CloseDate),
            ("Ansprechpartner", Field::ContactName),
            ("E-Mail", Field::ContactEmail),
            ("Courriel", Field::ContactEmail),
            ("Teléfono", Field::ContactPhone),
            ("Einwilligung", Field::Consent),
            ("Händler", Field::Partner),
            ("Registration #", Field::Name),
        ] {
            assert_eq!(field(header), Some(expected), "{header}");
        }
        for header in ["", "Notes", "Name", "Internal company rating", "***"] {
            assert_eq!(field(header), None, "{header}");
        }
    }

    #[test]
    fn no_name_means_two_fields_and_every_field_can_be_chosen() {
        let mut seen = std::collections::BTreeMap::new();
        for (field, names) in NAMES {
            assert!(FIELDS.contains(field), "{field:?}");
            for name in names.split('|') {
                assert_eq!(plain(name), name, "written in plain words");
                assert_eq!(seen.insert(name, field), None, "{name}");
            }
        }
        assert_eq!(FIELDS.len(), NAMES.len());
    }

    #[test]
    fn the_first_column_keeps_a_field() {
        let headers = ["Company", "Account", "E-mail"].map(str::to_owned);
        assert_eq!(suggest(&headers), [Some(Field::CompanyName), None, Some(Field::ContactEmail)]);
        assert_eq!(signature(&headers), "company|account|e mail");
    }
}
