//! `_multibytecodec` and the modules of East Asian codecs.

mod codec;
mod convert;
mod iso2022;
mod objects;
mod streams;
mod tables;

use codec::Codec;
use interpreter::native::{Args, MethodDef, ModuleDef};
use interpreter::{PyResult, Thread};

/// `_multibytecodec`.
pub static MULTIBYTECODEC: ModuleDef = ModuleDef {
    name: "_multibytecodec",
    doc: None,
    functions: &[],
    types: &[&objects::ENCODER, &objects::DECODER, &streams::READER, &streams::WRITER],
    init: Some(|th, _| crate::ready(th, &[&objects::CODEC])),
};

/// The codec of a name, if the module has it.
fn getcodec(th: &mut Thread, args: Args<'_>, names: &[&str]) -> PyResult {
    let name = args.pos[0];
    if name.payload::<interpreter::layout::PyStr>().is_none() {
        return Err(th.type_error("encoding name must be a string."));
    }
    let text = String::from_utf8_lossy(th.str_bytes(name)).into_owned();
    match Codec::by_name(&text).filter(|_| names.contains(&&text[..])) {
        Some(c) => objects::make(th, c),
        None => Err(th.lookup_error("no such codec is supported.")),
    }
}

macro_rules! modules {
    ($($id:ident $module:literal [$($name:literal)*];)*) => { $(
        #[doc = concat!("`", $module, "`.")]
        pub static $id: ModuleDef = ModuleDef {
            name: $module,
            doc: None,
            functions: &[MethodDef::new(
                "getcodec",
                |th, a| getcodec(th, a, &[$($name),*]),
                1,
                1,
                0,
                "getcodec(name) -> codec object",
            )],
            types: &[],
            init: Some(|th, _| crate::ready(th, &[&objects::CODEC])),
        };
    )* };
}

modules! {
    CN "_codecs_cn" ["gb2312" "gbk" "gb18030" "hz"];
    HK "_codecs_hk" ["big5hkscs"];
    JP "_codecs_jp" ["shift_jis" "cp932" "euc_jp" "shift_jis_2004" "euc_jis_2004" "euc_jisx0213" "shift_jisx0213"];
    KR "_codecs_kr" ["euc_kr" "cp949" "johab"];
    TW "_codecs_tw" ["big5" "cp950"];
    ISO2022 "_codecs_iso2022" ["iso2022_kr" "iso2022_jp" "iso2022_jp_1" "iso2022_jp_2" "iso2022_jp_2004" "iso2022_jp_3" "iso2022_jp_ext"];
}
