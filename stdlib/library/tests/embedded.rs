//! What importers rely on: names, packages, sources, no test suites, no trace of where the library was found.

use library::{data_file, find, find_file, modules};

#[test]
fn modules_and_packages_are_found() {
    let os = find("os").expect("os");
    assert!(!os.is_package());
    assert_eq!(os.file_name(), "lib-python/2.7/os.py");
    assert!(os.source().windows(4).any(|window| window == b"def "));
    let dom = find("xml.dom").expect("xml.dom");
    assert!(dom.is_package());
    assert_eq!(dom.path(), "xml/dom/__init__.py");
    assert_eq!(find_file("xml/dom/minidom.py").map(|entry| entry.name()), Some("xml.dom.minidom"));
    for absent in ["", "os.py", "no_such_module", "xml.", "test.test_grammar", "idlelib", "sitecustomize"] {
        assert!(find(absent).is_none(), "{absent}");
    }
}

#[test]
fn every_module_can_be_read() {
    assert!(modules().len() > 400);
    for entry in modules() {
        assert_eq!(find(entry.name()).map(|found| found.path()), Some(entry.path()));
        let source = entry.source();
        assert!(!source.is_empty() || entry.path().ends_with("__init__.py"), "{entry:?}");
        assert!(!source.windows(13).any(|window| window == b"dist-packages"), "{entry:?}");
        if let Some(code) = entry.code() {
            assert_eq!(code.first(), Some(&b'c'), "{entry:?}");
        }
    }
}

#[test]
fn our_own_build_description_is_embedded() {
    let text = find("_sysconfigdata").expect("_sysconfigdata").source();
    assert!(text.windows(15).any(|window| window == b"build_time_vars"));
    assert!(data_file("lib2to3/Grammar.txt").is_some());
    assert!(data_file("nothing").is_none());
    for project in ["pip", "setuptools"] {
        let start = format!("ensurepip/_bundled/{project}-");
        let wheel = library::files().find(|path| path.starts_with(&start)).expect(project);
        assert!(data_file(wheel).expect(wheel).starts_with(b"PK"), "{wheel} is no archive");
    }
}
