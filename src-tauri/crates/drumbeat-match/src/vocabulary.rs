//! Words that many companies have in their names: trades, places, links, numbers, abbreviations.
//!
//! The one hard idea: a small book knows nothing about rarity. In a book of thirty accounts "logistics" may
//! stand once and look as telling as a brand; these lists give such words a frequency before anything was
//! counted ([crate::Rarity]). Callers rely on the words being folded as [crate::name] folds them. Origin:
//! written by hand for this project from the trades and places of business names at large; the country codes
//! are those of ISO 3166. A word that is missing only counts for more than it should.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::name::fold_digraphs;

/// What kind of word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// What tells one company from another.
    Name,
    /// What many companies do or are: trading, hotel, industries.
    Trade,
    /// A country, region or large city.
    Place,
    /// A number, in digits, Roman or as a word.
    Number,
    /// And, of, the.
    Link,
    /// A legal form that stands inside the name, and whatever is no name.
    Form,
}

const LINKS: &str = "and the of de la le les el los las da do dos das di del della des du der die das dem den \
    van von for fur per by in at on to a an et y e i en im zu zum zur c d l s with con para pour na und och og te \
    al il lo gli dei vom ter ten ve";

/// Forms that are no word of any name, wherever they stand.
const FORMS: &str = "gmbh mbh kgaa ohg llc llp inc incorporated ltd limited plc corp corporation pvt pty pte srl sarl \
    sprl bvba bv sdn bhd ltda limitada sas spa sro doo ooo oao zao pao jsc ojsc cjsc pjsc kft zrt oyj aps lda eireli \
    company co aktiengesellschaft private gmbhco tbk coltd pvtltd dba fze";

const TRADES: &str = "group groupe grupo gruppe gruppo holding holdings international intl global worldwide world \
    national universal general united first new old great big american european asian euro trading trade trades \
    traders commerce commercial comercial comercio commerciale import imp export exp imports exports exporters \
    importers exportadora importadora importaciones exportaciones industry industries industrial industria \
    industrias industrie enterprise enterprises entreprise empresa empresas manufacturing manufacture manufacturers \
    manufacturer mfg factory fabrica works werk werke production productions products product produtos productos \
    produkte produits services service servicios servicos servizi svc svcs dienstleistungen solution solutions \
    soluciones solucoes system systems sistemas systeme technology technologies tech technical technics tecnologia \
    technologie teknoloji technik tecnica engineering engineers engineer ingenieria engenharia ingenieure \
    ingenieurburo ingegneria consulting consultants consultant consultancy consultoria consultores conseil conseils \
    beratung berater advisors advisory advisers adviseurs management managment mgmt marketing agency agencia agence \
    agentur media design designs designer designers studio studios estudio creative digital online web internet \
    software it data cloud network networks netzwerk computer computers computing electronics electronic \
    electronica eletronica elektronik electric electrical electrica elektro energy energie energia power solar oil \
    gas petroleum petrochemical petrochemicals chemical chemicals chemie quimica quimicos chimica chimie chem plastic plastics \
    plast plasticos rubber polymer polymers polimer tire tires tyre tyres pneus neumaticos automotive auto autos \
    automobile automobiles automotriz automoveis car cars motor motors motor vehicle vehicles garage repair repairs \
    transport transports transporte transportes transportation logistics logistica logistic logistik freight cargo \
    shipping forwarding forwarders express courier delivery moving movers truck trucks trucking travel tours tour \
    tourism turismo reisen reiseburo viagens viajes voyages hotel hotels resort resorts hostel inn motel lodge villa villas \
    apartments apartment apartamentos suites guest house houses haus casa home homes maison immobilien immobilier \
    immobiliere imobiliaria inmobiliaria immobiliare real estate property properties realty land rental rentals \
    restaurant restaurante ristorante cafe caffe coffee bar pub grill kitchen kitchens pizza pizzeria bistro food \
    foods alimentos bakery catering wine wines beer brewery market markets supermarket store stores shop shops \
    boutique mall tienda loja lojas magasin outlet retail wholesale supply supplies supplier suppliers distribution \
    distributors distributor distribuidora distribuciones vertrieb handel handels handelsgesellschaft sales \
    construction constructions construct builders building buildings build construtora construcciones construcoes \
    costruzioni bau bauunternehmen architects architecture architect architekten arquitectura arquitetura architetti roofing \
    plumbing plumbers heating cooling hvac painting flooring carpet cleaning clean maintenance landscaping garden \
    gardens floral flowers florist farm farms agro agricola agriculture agri landwirtschaft steel steels metal \
    metals metall metallbau iron aluminium aluminum glass wood woods timber furniture mobel muebles moveis meubles \
    interior interiors interieur decor tile stone marble ceramic ceramics cement concrete paper packaging print \
    printing druck press publishing textile textiles tekstil spinning mills mill fabrics garments garment fashion \
    moda mode wear clothing apparel shoes shoe footwear leather jewelry jewellery jewelers beauty salon hair spa \
    cosmetics cosmetica nail nails barber massage health healthcare medical medicine medico clinic clinica clinique \
    klinik hospital care dental dentist dentistry dentista doctor dr dra med md dds dc pharma pharmacy pharmaceutical \
    pharmaceuticals farmacia apotheke therapy physiotherapy physio chiropractic psychology counseling wellness \
    fitness gym yoga sport sports club association associacao asociacion assn asociados associates associados \
    society foundation fundacion fundacao stiftung trust charity community church ministries ministry school schule \
    escola escuela college university universitat academy academia akademie institute institut instituto training \
    education center centre centro zentrum ctr council government department office buro bureau law lawyers lawyer \
    attorney attorneys advogados abogados rechtsanwalte rechtsanwalt avocats avocat legal notary accounting \
    accountants accountant contabilidade contabil tax taxes steuerberater steuerberatung finance financial finanz capital invest \
    investment investments investors bank banking bancorp credit insurance assurance assurances seguros versicherung \
    versicherungen assurantie fund funds partners partner partnership team brothers bros sons son fils sohne figli \
    hijos company companies co compagnie compania firma gesellschaft family security seguranca safety systems \
    equipment equipments equipamentos equipos machine machinery machines machinenbau maschinen maschinenbau maquinas tools tool parts \
    pecas hardware components componentes precision science sciences scientific research labs lab laboratory \
    laboratories laboratorio laboratorios development developments developers project projects projetos events event \
    eventos entertainment music musica art arts gallery galeria photo photography fotografia film films video tv \
    radio news magazine books book library museum theater theatre park gifts gift toys toy games game pet pets \
    veterinary animal dog bike bikes cycle marine boat yacht aviation air airlines airport water environmental \
    recycling waste eco green blue red black white golden gold silver royal star sun best super top pro plus prime \
    elite smart master max mini quality premium classic modern central local direct one my your all free life love \
    star city town village district state county public private civil cooperative cooperativa kooperative union \
    federation alliance mobile phone telecom telecommunications communications communication comunicacao advertising \
    publicidad publicidade printing signs staffing recruitment jobs employment human resources hr personal staff \
    organization organisation corporation division branch department plant warehouse brand brands special specialty \
    innovation innovations innovative advanced applied integrated materials material rubbers compounding synthetic \
    adhesives coatings paints pigments resins composites foam fibre fiber fibers textil yarn cotton silk wool \
    trailer crane lift elevator pumps pump valve valves hose hoses bearing bearings seals seal gasket cable cables \
    wire wires battery batteries light lighting lights led lamp optical optics vision eye video camera instruments \
    instrument control controls automation robotics spare accessories order bonded lounge hall court palace grand \
    hall bed breakfast nursery kindergarten preschool kids children childrens child baby mother senior seniors \
    elderly women men girls boys student students youth friends north south east west northern southern eastern \
    western nord sud ost middle upper lower saint san santa st sankt port mount lake river beach island hill hills \
    valley mountain sea ocean bay coast garden square street road avenue drive highway box floor suite unit no \
    performance fresh natural organic bio pure world shanghaishi provincial province region regional municipal \
    comuna comune commune gemeinde municipality prefeitura ayuntamiento stadt kreis";

const PLACES: &str = "usa us uk america americas africa europe europa asia pacific latin apac emea na northamerica uae gcc \
    china india indonesia thailand thai vietnam viet nam malaysia singapore philippines japan korea taiwan hongkong hong kong \
    macau cambodia myanmar laos bangladesh pakistan lanka sri nepal australia zealand canada mexico mexicana mexicano \
    brasil brazil argentina chile colombia peru ecuador bolivia paraguay uruguay venezuela panama costa rica guatemala \
    honduras salvador nicaragua dominicana puerto cuba jamaica trinidad spain espana hispania iberica iberia portugal \
    france francaise italy italia italiana germany deutschland deutsche osterreich austria schweiz suisse switzerland \
    svizzera helvetia netherlands nederland holland belgium belgique belgie benelux luxembourg england britain british \
    scotland wales ireland denmark danmark sweden sverige norway norge finland suomi iceland nordic scandinavia baltic \
    poland polska czech ceska republic republika republika cesko slovakia slovensko hungary magyarorszag hungaria romania \
    rumunia bulgaria serbia srbija croatia hrvatska slovenia slovenija bosnia macedonia albania greece hellas cyprus \
    turkey turkiye turk russia rus russland rossiia rossii ukraine ukraina belarus kazakhstan uzbekistan georgia armenia \
    azerbaijan israel egypt saudi arabia arabian emirates dubai qatar kuwait bahrain oman jordan lebanon iraq iran \
    nigeria ghana kenya tanzania uganda ethiopia morocco maroc algeria algerie tunisia tunisie senegal cameroon ivory \
    zambia zimbabwe mozambique angola namibia botswana south african shanghai beijing shenzhen guangzhou guangdong \
    dongguan tianjin suzhou hangzhou ningbo qingdao xiamen fujian zhejiang jiangsu shandong hebei henan hubei hunan \
    sichuan chongqing chengdu wuhan nanjing wuxi foshan zhongshan zhuhai huizhou jiangmen shenyang dalian liaoning \
    jinan yantai weifang weihai wenzhou jiaxing shaoxing taizhou jinhua yiwu changzhou nantong kunshan yangzhou \
    xuzhou hefei anhui fuzhou quanzhou zhangzhou nanchang jiangxi changsha zhengzhou xian shaanxi shanxi taiyuan \
    shijiazhuang tangshan harbin changchun jilin kunming yunnan guizhou guangxi nanning hainan xinjiang taipei \
    kaohsiung taichung mumbai bombay delhi bangalore bengaluru chennai madras kolkata calcutta hyderabad pune gujarat \
    ahmedabad surat punjab kerala maharashtra tamilnadu tamil nadu karnataka rajasthan haryana gurgaon noida karachi \
    lahore dhaka bangkok hanoi saigon jakarta surabaya manila cebu penang johor selangor kuala lumpur tokyo osaka \
    nagoya kobe yokohama seoul busan sydney melbourne brisbane perth adelaide auckland london manchester birmingham \
    leeds glasgow edinburgh bristol liverpool dublin paris lyon marseille toulouse bordeaux lille nantes nice \
    strasbourg berlin hamburg munchen munich koln cologne frankfurt stuttgart dusseldorf leipzig dresden hannover \
    nurnberg bremen wien vienna zurich geneva geneve basel bern amsterdam rotterdam utrecht antwerp antwerpen \
    brussels bruxelles gent madrid barcelona valencia sevilla bilbao lisboa lisbon porto roma rome milano milan torino \
    napoli bologna firenze genova venezia warszawa warsaw krakow praha prague brno budapest bucuresti bucharest sofia \
    beograd zagreb athens istanbul ankara izmir bursa moscow moskva moskovskii petersburg kiev kyiv york angeles \
    chicago houston dallas austin texas florida miami orlando tampa atlanta boston philadelphia washington seattle \
    portland denver phoenix arizona nevada vegas california francisco diego jose sacramento oregon colorado utah ohio \
    michigan detroit minnesota wisconsin illinois indiana kentucky tennessee alabama carolina virginia maryland jersey \
    pennsylvania connecticut massachusetts maine vermont hampshire louisiana orleans mississippi missouri kansas iowa \
    nebraska dakota montana wyoming idaho alaska hawaii oklahoma arkansas toronto montreal vancouver calgary edmonton \
    ottawa ontario quebec alberta manitoba paulo rio janeiro minas gerais parana curitiba alegre bahia salvador \
    buenos aires santiago bogota lima quito caracas monterrey guadalajara queretaro jalisco cairo casablanca tunis \
    lagos nairobi accra johannesburg durban cape abu dhabi sharjah riyadh jeddah doha beirut tehran";

/// Ways of writing one word, as `written=word`.
const ALIASES: &str = "intl=international int=international internat=international mfg=manufacturing \
    manufacture=manufacturing svc=services svcs=services service=services servicios=services servicos=services \
    assn=association assoc=associates ctr=center centre=center centro=center bros=brothers tyre=tire tyres=tire \
    tires=tire neumaticos=tire neumatico=tire pneus=tire technology=technologies tech=technologies tecnologia=technologies \
    technologie=technologies imp=import imports=import exp=export exports=export importers=import exporters=export \
    industria=industries industrias=industries industry=industries industrial=industries ind=industries \
    industrie=industries comercio=trading comercial=trading trade=trading commercial=trading comerc=trading \
    quimica=chemical chemicals=chemical chem=chemical chimica=chemical quimicos=chemical chemie=chemical rubbers=rubber \
    polymers=polymer polimer=polymer solution=solutions soluciones=solutions system=systems sistemas=systems \
    group=group grupo=group groupe=group gruppe=group gruppo=group holdings=holding partner=partners partnership=partners \
    engineers=engineering engineer=engineering ingenieria=engineering engenharia=engineering consultants=consulting \
    consultant=consulting consultancy=consulting consultoria=consulting dept=department govt=government \
    mgmt=management managment=management logistic=logistics logistica=logistics logistik=logistics \
    transports=transport transporte=transport transportes=transport transportation=transport corp=corporation \
    univ=university universidad=university natl=national nat=national lab=laboratories labs=laboratories \
    laboratory=laboratories laboratorio=laboratories laboratorios=laboratories dr=doctor dra=doctor \
    plastic=plastics plasticos=plastics products=products product=products produtos=products productos=products \
    electronic=electronics electronica=electronics eletronica=electronics automobile=automotive auto=automotive \
    autos=automotive automotriz=automotive organisation=organization labour=labor jewellery=jewelry \
    pharmaceutical=pharma pharmaceuticals=pharma textile=textiles textil=textiles tekstil=textiles \
    brasil=brazil deutschland=germany deutsche=germany italia=italy italiana=italy espana=spain polska=poland \
    ceska=czech suisse=switzerland schweiz=switzerland osterreich=austria nederland=netherlands holland=netherlands \
    mexicana=mexico mexicano=mexico rus=russia russland=russia rossiia=russia rumunia=romania turkiye=turkey turk=turkey \
    sverige=sweden danmark=denmark norge=norway thai=thailand americas=america americana=america american=america \
    usa=us hongkong=kong moskva=moscow europe=europa \
    hotels=hotel resorts=resort restaurante=restaurant ristorante=restaurant clinic=clinica clinique=clinica \
    architects=architecture architect=architecture arquitectura=architecture arquitetura=architecture \
    builders=building build=building constructions=construction construtora=construction construcciones=construction \
    apartment=apartments kitchens=kitchen designs=design studios=studio estudio=studio foods=food \
    investments=investment insurances=insurance assurances=assurance spares=spare repairs=repair mills=mill works=work \
    enterprise=enterprises empresa=enterprises empresas=enterprises school=school escola=school escuela=school \
    saint=st sankt=st mount=mt fort=ft";

const NUMBERS: &str = "one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 \
    twenty=20 thirty=30 forty=40 fifty=50 first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 \
    ii=2 iii=3 iv=4 vi=6 vii=7 viii=8 ix=9 xi=11 xii=12 xiii=13 xiv=14 xv=15 xvi=16 xvii=17 xviii=18 xix=19 xx=20";

/// ISO 3166 code and the ways in which a country is written.
const COUNTRIES: &str = "us=us,usa,united states,united states of america,america gb=gb,uk,united kingdom,great britain,england,scotland,wales \
    de=de,deu,germany,deutschland at=at,austria,osterreich ch=ch,switzerland,schweiz,suisse,svizzera fr=fr,fra,france \
    it=it,italy,italia es=es,spain,espana pt=pt,portugal nl=nl,netherlands,the netherlands,nederland,holland be=be,belgium,belgique,belgie \
    lu=lu,luxembourg ie=ie,ireland dk=dk,denmark,danmark se=se,sweden,sverige no=no,norway,norge fi=fi,finland,suomi \
    is=is,iceland pl=pl,poland,polska cz=cz,czechia,czech republic,cesko sk=sk,slovakia hu=hu,hungary ro=ro,romania \
    bg=bg,bulgaria rs=rs,serbia hr=hr,croatia si=si,slovenia ba=ba,bosnia and herzegovina mk=mk,north macedonia gr=gr,greece \
    cy=cy,cyprus tr=tr,turkey,turkiye ru=ru,russia,russian federation ua=ua,ukraine by=by,belarus kz=kz,kazakhstan \
    ee=ee,estonia lv=lv,latvia lt=lt,lithuania ge=ge,georgia am=am,armenia az=az,azerbaijan il=il,israel eg=eg,egypt \
    sa=sa,saudi arabia ae=ae,united arab emirates,uae qa=qa,qatar kw=kw,kuwait bh=bh,bahrain om=om,oman jo=jo,jordan \
    lb=lb,lebanon iq=iq,iraq ir=ir,iran in=in,india pk=pk,pakistan bd=bd,bangladesh lk=lk,sri lanka np=np,nepal cn=cn,china \
    hk=hk,hong kong tw=tw,taiwan jp=jp,japan kr=kr,south korea,korea,republic of korea th=th,thailand vn=vn,vietnam,viet nam \
    my=my,malaysia sg=sg,singapore id=id,indonesia ph=ph,philippines au=au,australia nz=nz,new zealand ca=ca,canada \
    mx=mx,mexico br=br,brazil,brasil ar=ar,argentina cl=cl,chile co=co,colombia pe=pe,peru ec=ec,ecuador uy=uy,uruguay \
    ve=ve,venezuela cr=cr,costa rica pa=pa,panama gt=gt,guatemala do=do,dominican republic pr=pr,puerto rico za=za,south africa \
    ng=ng,nigeria gh=gh,ghana ke=ke,kenya tz=tz,tanzania ma=ma,morocco dz=dz,algeria tn=tn,tunisia";

static KINDS: LazyLock<HashMap<String, Kind>> = LazyLock::new(|| {
    let lists = [(TRADES, Kind::Trade), (PLACES, Kind::Place), (FORMS, Kind::Form), (LINKS, Kind::Link)];
    lists.iter().flat_map(|(list, kind)| list.split_whitespace().map(|word| (fold_digraphs(word), *kind))).collect()
});

static SAME: LazyLock<HashMap<String, String>> = LazyLock::new(|| pairs(ALIASES));

static VALUES: LazyLock<HashMap<String, String>> = LazyLock::new(|| pairs(NUMBERS));

/// `written=meant` pairs, folded.
fn pairs(list: &str) -> HashMap<String, String> {
    let pair = |pair: &str| pair.split_once('=').map(|(from, to)| (fold_digraphs(from), fold_digraphs(to)));
    list.split_whitespace().filter_map(pair).collect()
}

static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut codes = HashMap::new();
    let mut rest = COUNTRIES;
    while let Some(at) = rest.find('=') {
        let code = rest[..at].trim();
        let names = &rest[at + 1..];
        // The names run to the word before the next `=`.
        let end = names.find('=').map_or(names.len(), |next| names[..next].rfind(' ').unwrap_or(next));
        for name in names[..end].split(',') {
            codes.insert(fold_digraphs(name.trim()), code);
        }
        rest = &names[end..];
    }
    codes
});

/// The kind of a folded word.
#[must_use]
pub fn kind(word: &str) -> Kind {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return Kind::Number;
    }
    KINDS.get(word).copied().unwrap_or(Kind::Name)
}

/// The word that this one is another way of writing; itself when it is none.
#[must_use]
pub fn canonical(word: &str) -> &str {
    SAME.get(word).map_or(word, String::as_str)
}

/// The number that a word stands for: `ii`, `second`, `2nd` and `two` are 2.
#[must_use]
pub fn number(word: &str) -> Option<&str> {
    if let Some(value) = VALUES.get(word) {
        return Some(value);
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let rest = &word[digits.len()..];
    let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (whole && matches!(rest, "" | "st" | "nd" | "rd" | "th")).then(|| {
        let plain = digits.trim_start_matches('0');
        if plain.is_empty() { "0" } else { plain }
    })
}

/// The code of a country that is written as a code or in one of its names; the folded text when it is unknown.
#[must_use]
pub fn country(folded: &str) -> String {
    CODES.get(folded).map_or_else(|| folded.to_owned(), |code| (*code).to_owned())
}
