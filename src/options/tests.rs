//! The grammar, checked against what CPython 2.7.18 does with the same words.

use super::*;

fn run(words: &[&str], variables: &[(&str, &str)]) -> Result<Options, UsageError> {
    let words: Vec<OsString> = words.iter().map(OsString::from).collect();
    parse(&words, &|name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
    })
}

fn ok(words: &[&str]) -> Options {
    run(words, &[]).expect("accepted")
}

fn message(words: &[&str]) -> String {
    let error = run(words, &[]).expect_err("refused");
    assert_eq!(error.exit_code, 2);
    error.message
}

fn strings(argv: &[OsString]) -> Vec<&str> {
    argv.iter().map(|word| word.to_str().expect("text")).collect()
}

#[test]
fn programs_and_their_arguments() {
    let options = ok(&["-bBEc", "print 1", "x", "-v"]);
    assert_eq!(options.program, Program::Command("print 1\n".into()));
    assert_eq!(strings(&options.argv), ["-c", "x", "-v"]);
    assert_eq!((options.flags.bytes_warning, options.flags.verbose), (1, 0));

    assert_eq!(ok(&["-cprint 3"]).program, Program::Command("print 3\n".into()));
    let options = ok(&["-mtimeit", "-n", "3"]);
    assert_eq!(options.program, Program::Module("timeit".into()));
    assert_eq!(strings(&options.argv), ["-m", "-n", "3"]);
    let options = ok(&["-u", "prog.py", "-O"]);
    assert_eq!(options.program, Program::File("prog.py".into()));
    assert_eq!(strings(&options.argv), ["prog.py", "-O"]);
    assert_eq!(options.flags.optimize, 0);
    assert_eq!(ok(&["--", "-c", "x"]).program, Program::File("-c".into()));
    let options = ok(&["-", "a"]);
    assert_eq!(options.program, Program::Stdin);
    assert_eq!(strings(&options.argv), ["-", "a"]);
    assert_eq!(strings(&ok(&[]).argv), [""]);
}

#[test]
fn counters_and_division() {
    let flags = ok(&["-Qnew", "-tt", "-ii", "-ORB", "-"]).flags;
    assert!(flags.division_new && flags.hash_randomization);
    assert_eq!((flags.tabcheck, flags.inspect, flags.interactive), (2, 2, 2));
    assert_eq!((flags.optimize, flags.dont_write_bytecode), (1, 1));
    let flags = ok(&["-3"]).flags;
    assert_eq!((flags.py3k_warning, flags.division_warning, flags.tabcheck), (1, 1, 1));
    assert_eq!(ok(&["-Q", "warnall", "-3"]).flags.division_warning, 2);
    assert!(message(&["-Qfoo"]).starts_with("-Q option should be"));
}

#[test]
fn errors_show_the_usage() {
    assert_eq!(message(&["-z"]), "Unknown option: -z");
    assert_eq!(message(&["-Vfoo"]), "Unknown option: -f");
    assert_eq!(message(&["-c"]), "Argument expected for the -c option");
    assert_eq!(message(&["-J"]), "-J is reserved for Jython");
    assert_eq!(message(&["--foo"]), "Unknown option: --foo");
    assert_eq!(message(&["--help=3"]), "Unknown option: --help=");
    assert!(run(&["-z"], &[]).expect_err("refused").show_usage);
    let words = [OsString::from_vec(vec![b'-', 0xff])];
    assert!(parse(&words, &|_| None).is_err());
}

#[test]
fn help_wins_over_version() {
    assert_eq!(ok(&["-hV"]).action, Action::Help);
    assert_eq!(ok(&["-Vh"]).action, Action::Help);
    assert_eq!(ok(&["-V", "prog.py"]).action, Action::Version);
    assert_eq!(ok(&["-?"]).action, Action::Help);
    assert_eq!(ok(&["--info"]).action, Action::Info);
    assert_eq!(ok(&["--jit", "help"]).action, Action::JitHelp);
    assert_eq!(ok(&["prog.py", "-h"]).action, Action::Run);
}

#[test]
fn environment_switches() {
    let variables = [
        ("PYTHONOPTIMIZE", "5"),
        ("PYTHONINSPECT", "1"),
        ("PYTHONDEBUG", "2"),
        ("PYTHONVERBOSE", "0x"),
        ("PYTHONHASHSEED", "0"),
        ("PYTHONUNBUFFERED", "1"),
        ("PYTHONNOUSERSITE", "1"),
        ("PYTHONDONTWRITEBYTECODE", "3"),
        ("PYTHONWARNINGS", "a,b"),
        ("PYTHONPATH", ""),
    ];
    let options = run(&["-Wx", "-c", ""], &variables).expect("accepted");
    let flags = &options.flags;
    assert_eq!((flags.optimize, flags.inspect, flags.interactive), (5, 1, 0));
    assert_eq!((flags.debug, flags.verbose, flags.dont_write_bytecode), (2, 1, 3));
    assert!(flags.hash_randomization && flags.unbuffered && flags.no_user_site == 1);
    assert_eq!(options.environment.hash_seed, HashSeed::None);
    assert_eq!(strings(&options.warn_options), ["x", "a", "b"]);
    assert_eq!(options.environment.path, None);

    let hidden = run(&["-E", "-c", ""], &variables).expect("accepted");
    assert_eq!(hidden.flags, Flags { ignore_environment: 1, ..Flags::default() });
    assert!(hidden.warn_options.is_empty());
}

#[test]
fn hash_seeds() {
    let seed =
        |value: &str| run(&[], &[("PYTHONHASHSEED", value)]).map(|options| options.environment.hash_seed);
    assert_eq!(seed("random"), Ok(HashSeed::Random));
    assert_eq!(seed("4294967295"), Ok(HashSeed::Fixed(u32::MAX)));
    assert_eq!(ok(&["-R"]).environment.hash_seed, HashSeed::Random);
    for bad in ["foo", "-1", "4294967296", "1.0"] {
        let error = seed(bad).expect_err("refused");
        assert_eq!((error.exit_code, error.show_usage), (1, false));
    }
}

#[test]
fn our_own_options() {
    let options = ok(&["--segments", "8", "--gil", "x.py"]);
    assert_eq!((options.segments, options.gil), (Some(8), true));
    assert_eq!(ok(&["--segments=64"]).segments, Some(64));
    assert!(ok(&["-Xgil"]).gil && ok(&["-X", "stm"]).force_stm);
    for bad in ["0", "1001", "-3", "many", ""] {
        assert!(message(&["--segments", bad]).contains("from 1 to 1000"));
    }
    assert_eq!(message(&["--segments"]), "Argument expected for the --segments option");
    assert_eq!(run(&[], &[("PYPYSTM_SEGMENTS", "3")]).expect("accepted").segments, Some(3));
    assert_eq!(run(&["--segments=2"], &[("PYPYSTM_SEGMENTS", "3")]).expect("accepted").segments, Some(2));
    assert!(run(&[], &[("PYPYSTM_SEGMENTS", "x")]).is_err());
    assert!(run(&[], &[("PYPYSTM_GIL", "1")]).expect("accepted").gil);
    assert!(!run(&[], &[("PYPYSTM_GIL", "0")]).expect("accepted").gil);
    assert!(!run(&["--stm"], &[("PYPYSTM_GIL", "1")]).expect("accepted").gil);
    assert!(message(&["--gil", "--stm"]).contains("exclude"));
    assert_eq!(ok(&["--heapsize", "1.5G"]).heap_limit, Some(3 << 29));
    assert_eq!(ok(&["--heapsize=64mb"]).heap_limit, Some(64 << 20));
    for bad in ["", "x", "-1M", "0", "1e5", "inf", "nan"] {
        assert!(message(&["--heapsize", bad]).contains("not a size"), "{bad}");
    }
}

#[test]
fn jit_parameters() {
    assert!(!ok(&["--jit", "off"]).jit.enabled);
    let options = ok(&["--jit", "threshold=1,trace_limit=9000,enable_opts=heap:pure"]).jit;
    assert_eq!((options.value("threshold"), options.value("decay")), (Some(1), Some(40)));
    assert_eq!(options.value("trace_limit"), Some(9000));
    assert_eq!(options.passes, Some(vec!["heap".to_owned(), "pure".to_owned()]));
    assert_eq!(ok(&["--jit", "threshold=1", "--jit=default"]).jit, JitOptions::default());
    for bad in ["", "x", "threshold", "threshold=x", "thresold=1", "enable_opts=hep", "decay=-2"] {
        assert!(message(&["--jit", bad]).starts_with("--jit"), "{bad}");
    }
}

#[test]
fn texts_name_the_program() {
    assert!(usage_text("p").starts_with("usage: p [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"));
    assert!(help_text("p").contains("--segments N"));
    assert!(version_text().starts_with("Python 2.7.18\n"));
    assert!(jit_help_text().contains("trace_eagerness"));
}
