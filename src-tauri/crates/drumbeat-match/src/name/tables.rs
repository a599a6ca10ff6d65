//! What a legal form and a free-mail provider look like, after [words](super) made them plain.
//!
//! Origin: collected by hand from the registers' own lists, then completed with the terms of cleanco 2.3
//! (`cleanco/termdata.py`, MIT licence, Paul Solin and contributors), folded like names are. Left out of the
//! latter: terms that are words of names in other languages (`sad`, `ok`, `uk`, `private`, `ent`, ...).

/// Legal forms of the world as words; the longest that fits the end of a name is taken off.
#[rustfmt::skip]
pub(super) const LEGAL_FORMS: &[&[&str]] = &[
    &["gmbh"], &["ggmbh"], &["mbh"], &["ug"], &["ug", "haftungsbeschraenkt"], &["ag"], &["kgaa"], &["kg"], &["ohg"],
    &["gbr"], &["ev"], &["eg"], &["ek"], &["se"], &["partg"], &["partg", "mbb"], 
    &["aktiengesellschaft"],
    &["gesellschaft", "mit", "beschraenkter", "haftung"], &["kommanditgesellschaft"], &["unternehmergesellschaft"],
    &["inc"], &["incorporated"], &["corp"], &["corporation"], &["co"], &["company"], &["ltd"], &["limited"], &["llc"],
    &["llp"], &["lllp"], &["lp"], &["plc"], &["pllc"], &["pc"], &["l", "l", "c"], &["ltd", "co"], &["cic"],
    &["unlimited"], &["co", "ltd"], &["co", "limited"], &["company", "limited"], &["pty", "ltd"], &["pty", "limited"],
    &["pty"], &["proprietary", "limited"], &["pvt", "ltd"], &["pvt", "limited"], &["private", "limited"], &["pvt"],
    &["pte", "ltd"], &["pte"], &["private", "ltd"], &["public", "limited", "company"], &["sa"], &["s", "a"], &["sas"],
    &["sasu"], &["sarl"], &["s", "a", "r", "l"], &["eurl"], &["snc"], &["sca"], &["scop"], &["gie"],
    &["societe", "anonyme"], &["s", "a", "s"], &["spa"], &["s", "p", "a"], &["srl"], &["s", "r", "l"], &["srls"],
    &["sapa"], &["societa", "per", "azioni"], &["societa", "a", "responsabilita", "limitata"], &["sl"], &["slu"],
    &["sau"], &["s", "l"], &["sll"], &["sociedad", "anonima"], &["sociedad", "limitada"], &["sc"], &["s", "coop"],
    &["scoop"], &["sab", "de", "cv"], &["sa", "de", "cv"], &["sapi", "de", "cv"], &["s", "de", "rl", "de", "cv"],
    &["srl", "de", "cv"], &["s", "a", "b", "de", "c", "v"], &["s", "a", "de", "c", "v"], &["de", "cv"], &["sab"],
    &["lda"], &["ltda"], &["sgps"], &["sa", "sgps"], &["eireli"], &["me"], &["epp"], &["limitada"], &["bv"],
    &["b", "v"], &["nv"], &["n", "v"], &["vof"], &["cv"], &["bvba"], &["sprl"], &["naamloze", "vennootschap"],
    &["besloten", "vennootschap"], &["ab"], &["ab", "publ"], &["hb"], &["kb"], &["aktiebolag"], &["as"], &["a", "s"],
    &["asa"], &["ans"], &["aps"], &["a", "ps"], &["i", "s"], &["k", "s"], &["p", "s"], &["amba"], &["aktieselskab"],
    &["anpartsselskab"], &["oy"], &["oyj"], &["ky"], &["tmi"], &["osakeyhtio"], &["ehf"], &["hf"], &["ohf"],
    &["sp", "z", "oo"], &["sp", "z", "o", "o"], &["spzoo"], &["sp", "j"], &["sp", "k"], &["spolka", "akcyjna"],
    &["spolka", "z", "oo"], &["spolka", "z", "ograniczona", "odpowiedzialnoscia"], &["s", "k", "a"], &["sro"],
    &["s", "r", "o"], &["vos"], &["ks"], &["spol", "s", "r", "o"], &["spol", "sro"], &["doo"], &["d", "o", "o"],
    &["dd"], &["d", "d"], &["dno"], &["jdoo"], &["ad"], &["ood"], &["eood"], &["ead"], &["kft"], &["zrt"], &["nyrt"],
    &["bt"], &["rt"], &["k", "f", "t"], &["sia"], &["uab"], &["oue"], &["ou"], &["tue"], &["mb"], &["ooo"], &["oao"],
    &["zao"], &["ao"], &["pao"], &["too"], &["tov"], &["tzov"], &["pp"], &["ip"], &["pat"], &["prat"], &["jsc"],
    &["ojsc"], &["cjsc"], &["pjsc"], &["as", "sti"], &["ltd", "sti"], &["limited", "sirketi"], &["anonim", "sirketi"],
    &["sti"], &["a", "s", "ticaret"], &["san", "ve", "tic", "as"], &["san", "tic", "as"], &["ae"], &["epe"], &["ike"],
    &["oe"], &["a", "e"], &["abee"], &["aebe"], &["kk"], &["gk"], &["yk"], &["k", "k"], &["kabushiki", "kaisha"],
    &["kabushiki", "gaisha"], &["godo", "kaisha"], &["yugen", "kaisha"], &["zhu", "shi", "hui", "she"], &["zhu"],
    &["you", "xian", "hui", "she"], &["you", "xian", "gong", "si"], &["you", "xian", "ze", "ren", "gong", "si"],
    &["gu", "fen", "you", "xian", "gong", "si"], &["gong", "si"], &["he", "tong", "hui", "she"],
    &["ju", "sig", "hoe", "sa"], &["ju"], &["yu", "han", "hoe", "sa"], &["sdn", "bhd"], &["bhd"], &["tbk"],
    &["persero"], &["persero", "tbk"], &["tnhh"], &["co", "jsc"], &["pcl"], &["public", "company", "limited"],
    &["fze"], &["fzco"], &["fz", "llc"], &["fzc"], &["wll"], &["w", "l", "l"], &["saog"], &["saoc"], &["psc"],
    &["kscc"], &["ksc"], &["dmcc"], &["llc", "fz"],
    &["a", "spol"], &["adsitz"], &["akc", "spol"], &["as", "oy"], &["asoy"], &["ay"], &["bm"], &["c", "por", "a"],
    &["ca"], &["cio"], &["comm", "v"], &["coop"], &["crl"], &["cvba"], &["cvoa"], &["dooel"], &["eirl"], &["esv"],
    &["eu"], &["fmba"], &["fop"], &["g", "s"], &["gesbr"], &["gte"], &["iks"], &["jtd"], &["kd"], &["kda"], &["kht"],
    &["kkt"], &["kom", "spol"], &["mchj"], &["mepe"], &["nuf"], &["oaj"], &["obrt"], &["og"], &["ovee"], &["peec"],
    &["qmj"], &["s", "cra"], &["s", "de", "rl"], &["s", "en", "c"], &["saa"], &["sae"], &["sagl"], &["sapi"],
    &["sccl"], &["scpa"], &["scrl"], &["scs"], &["secs"], &["sgr"], &["sha"], &["shpk"], &["sicav"], &["ska"],
    &["slne"], &["smba"], &["sp", "zoo"], &["spj"], &["spk"], &["spol", "s", "ro"], &["spp"], &["t", "mi"], &["tdv"],
    &["teo"], &["ultd"], &["unltd"], &["vzw"], &["asbl"], &["yoaj"], &["srl", "cv"], &["sa", "cv"], &["sa", "de"],
    &["saic"], &["saci"], &["slp"], &["sociedad", "anonima", "de", "capital", "variable"],
    &["limited", "liability", "company"], &["limited", "liability", "partnership"], &["limited", "partnership"],
    &["joint", "stock", "company"], &["open", "joint", "stock", "company"], &["closed", "joint", "stock", "company"],
    &["public", "joint", "stock", "company"], &["limited", "company"], &["societe", "par", "actions", "simplifiee"],
    &["societe", "a", "responsabilite", "limitee"], &["p", "ltd"], &["p", "limited"], &["private"],
];

/// Forms that some countries write in front.
#[rustfmt::skip]
pub(super) const LEADING_FORMS: &[&[&str]] = &[
    &["zhu", "shi", "hui", "she"], &["zhu"], &["you", "xian", "hui", "she"], &["he", "tong", "hui", "she"],
    &["ju", "sig", "hoe", "sa"], &["ju"], &["yu", "han", "hoe", "sa"], &["ooo"], &["oao"], &["zao"], &["ao"],
    &["pao"], &["tov"], &["too"], &["sia"], &["uab"], &["pt"], &["cv"], &["jsc"], &["ojsc"], &["cjsc"], &["pjsc"],
    &["srl"], &["sc"], &["limited", "liability", "company"], &["joint", "stock", "company"],
    &["open", "joint", "stock", "company"], &["closed", "joint", "stock", "company"],
    &["public", "joint", "stock", "company"], &["obshchestvo", "s", "ogranichennoi", "otvetstvennostiu"],
    &["aktsionernoe", "obshchestvo"], &["otkrytoe", "aktsionernoe", "obshchestvo"],
    &["zakrytoe", "aktsionernoe", "obshchestvo"], &["publichnoe", "aktsionernoe", "obshchestvo"],
    &["tovarystvo", "z", "obmezhenoiu", "vidpovidalnistiu"], &["societatea", "cu", "raspundere", "limitata"],
];

/// Providers whose addresses say nothing about the company of their owner.
#[rustfmt::skip]
pub(super) const FREE_MAIL: &[&str] = &[
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.it", "yahoo.es",
    "yahoo.co.jp", "yahoo.co.in", "yahoo.com.br", "yahoo.ca", "ymail.com", "rocketmail.com", "hotmail.com",
    "hotmail.co.uk", "hotmail.de", "hotmail.fr", "hotmail.it", "hotmail.es", "outlook.com", "outlook.de",
    "outlook.fr", "outlook.es", "live.com", "live.de", "live.co.uk", "live.fr", "live.nl", "msn.com", "icloud.com",
    "me.com", "mac.com", "aol.com", "aol.de", "gmx.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de",
    "t-online.de", "freenet.de", "arcor.de", "posteo.de", "mailbox.org", "mail.de", "bluewin.ch", "hispeed.ch",
    "sunrise.ch", "aon.at", "chello.at", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it",
    "virgilio.it", "tiscali.it", "alice.it", "tin.it", "terra.es", "telefonica.net", "sapo.pt", "uol.com.br",
    "bol.com.br", "ziggo.nl", "kpnmail.nl", "planet.nl", "home.nl", "telenet.be", "skynet.be", "telia.com",
    "spray.se", "online.no", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "seznam.cz", "centrum.cz", "azet.sk",
    "freemail.hu", "citromail.hu", "abv.bg", "mail.ru", "yandex.ru", "yandex.com", "rambler.ru", "bk.ru", "inbox.ru",
    "list.ru", "ukr.net", "mail.com", "email.com", "proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.io",
    "fastmail.com", "hey.com", "zoho.com", "zohomail.com", "qq.com", "163.com", "126.com", "sina.com", "sohu.com",
    "foxmail.com", "naver.com", "daum.net", "hanmail.net", "rediffmail.com", "docomo.ne.jp", "btinternet.com",
    "sky.com", "talktalk.net", "virginmedia.com", "ntlworld.com", "comcast.net", "verizon.net", "att.net",
    "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net", "earthlink.net", "shaw.ca", "rogers.com",
    "sympatico.ca", "bigpond.com", "optusnet.com.au", "xtra.co.nz", "mailinator.com", "guerrillamail.com",
];
