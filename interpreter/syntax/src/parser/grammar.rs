//! The grammar of Python 2.7.
//!
//! One row a nonterminal, in the order that gives the numbers of the `symbol` module. In a body, words in quotes are
//! keywords and operators, capitals are token kinds, `[x]` is optional, `x*` and `x+` repeat, `|` separates choices.
//! Rows marked `keep` make a node even when they have one child; the others give way to it (see `tree`).

/// Number of the first nonterminal.
pub const FIRST_SYMBOL: u16 = 256;

macro_rules! rules {
    ($($name:ident $(($keep:ident))? : $body:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Numbering { $($name),* }
        /// The number of each nonterminal.
        #[allow(non_upper_case_globals, missing_docs)]
        pub mod symbol {
            $(pub const $name: u16 = super::FIRST_SYMBOL + super::Numbering::$name as u16;)*
        }
        /// A nonterminal: its name, its body, whether it always makes a node.
        pub const RULES: &[(&str, &str, bool)] = &[$((stringify!($name), $body, rules!(@keep $($keep)?))),*];
    };
    (@keep keep) => { true };
    (@keep) => { false };
}

rules! {
    single_input(keep): "NEWLINE | simple_stmt | compound_stmt NEWLINE";
    file_input(keep): "(NEWLINE | stmt)* ENDMARKER";
    eval_input(keep): "testlist NEWLINE* ENDMARKER";
    decorator(keep): "'@' dotted_name ['(' [arglist] ')'] NEWLINE";
    decorators: "decorator+";
    decorated(keep): "decorators (classdef | funcdef)";
    funcdef(keep): "'def' NAME parameters ':' suite";
    parameters(keep): "'(' [varargslist] ')'";
    varargslist: "(fpdef ['=' test] ',')* ('*' NAME [',' '**' NAME] | '**' NAME) | fpdef ['=' test] (',' fpdef ['=' test])* [',']";
    fpdef: "NAME | '(' fplist ')'";
    fplist: "fpdef (',' fpdef)* [',']";
    stmt: "simple_stmt | compound_stmt";
    simple_stmt(keep): "small_stmt (';' small_stmt)* [';'] NEWLINE";
    small_stmt: "expr_stmt | print_stmt | del_stmt | pass_stmt | flow_stmt | import_stmt | global_stmt | exec_stmt | assert_stmt";
    expr_stmt: "testlist (augassign (yield_expr | testlist) | ('=' (yield_expr | testlist))*)";
    augassign: "'+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=' | '**=' | '//='";
    print_stmt(keep): "'print' ([test (',' test)* [',']] | '>>' test [(',' test)+ [',']])";
    del_stmt(keep): "'del' exprlist";
    pass_stmt(keep): "'pass'";
    flow_stmt: "break_stmt | continue_stmt | return_stmt | raise_stmt | yield_stmt";
    break_stmt(keep): "'break'";
    continue_stmt(keep): "'continue'";
    return_stmt(keep): "'return' [testlist]";
    yield_stmt: "yield_expr";
    raise_stmt(keep): "'raise' [test [',' test [',' test]]]";
    import_stmt: "import_name | import_from";
    import_name(keep): "'import' dotted_as_names";
    import_from(keep): "'from' ('.'* dotted_name | '.'+) 'import' ('*' | '(' import_as_names ')' | import_as_names)";
    import_as_name: "NAME ['as' NAME]";
    dotted_as_name: "dotted_name ['as' NAME]";
    import_as_names: "import_as_name (',' import_as_name)* [',']";
    dotted_as_names: "dotted_as_name (',' dotted_as_name)*";
    dotted_name: "NAME ('.' NAME)*";
    global_stmt(keep): "'global' NAME (',' NAME)*";
    exec_stmt(keep): "'exec' expr ['in' test [',' test]]";
    assert_stmt(keep): "'assert' test [',' test]";
    compound_stmt: "if_stmt | while_stmt | for_stmt | try_stmt | with_stmt | funcdef | classdef | decorated";
    if_stmt(keep): "'if' test ':' suite ('elif' test ':' suite)* ['else' ':' suite]";
    while_stmt(keep): "'while' test ':' suite ['else' ':' suite]";
    for_stmt(keep): "'for' exprlist 'in' testlist ':' suite ['else' ':' suite]";
    try_stmt(keep): "'try' ':' suite ((except_clause ':' suite)+ ['else' ':' suite] ['finally' ':' suite] | 'finally' ':' suite)";
    with_stmt(keep): "'with' with_item (',' with_item)* ':' suite";
    with_item: "test ['as' expr]";
    except_clause(keep): "'except' [test [('as' | ',') test]]";
    suite: "simple_stmt | NEWLINE INDENT stmt+ DEDENT";
    testlist_safe: "old_test [(',' old_test)+ [',']]";
    old_test: "or_test | old_lambdef";
    old_lambdef(keep): "'lambda' [varargslist] ':' old_test";
    test: "or_test ['if' or_test 'else' test] | lambdef";
    or_test: "and_test ('or' and_test)*";
    and_test: "not_test ('and' not_test)*";
    not_test: "'not' not_test | comparison";
    comparison: "expr (comp_op expr)*";
    comp_op: "'<' | '>' | '==' | '>=' | '<=' | '!=' | 'in' | 'not' 'in' | 'is' | 'is' 'not'";
    expr: "xor_expr ('|' xor_expr)*";
    xor_expr: "and_expr ('^' and_expr)*";
    and_expr: "shift_expr ('&' shift_expr)*";
    shift_expr: "arith_expr (('<<' | '>>') arith_expr)*";
    arith_expr: "term (('+' | '-') term)*";
    term: "factor (('*' | '/' | '%' | '//') factor)*";
    factor: "('+' | '-' | '~') factor | power";
    power: "atom trailer* ['**' factor]";
    atom: "'(' [yield_expr | testlist_comp] ')' | '[' [listmaker] ']' | '{' [dictorsetmaker] '}' | '`' testlist1 '`' | NAME | NUMBER | STRING+";
    listmaker: "test (list_for | (',' test)* [','])";
    testlist_comp: "test (comp_for | (',' test)* [','])";
    lambdef(keep): "'lambda' [varargslist] ':' test";
    trailer(keep): "'(' [arglist] ')' | '[' subscriptlist ']' | '.' NAME";
    subscriptlist: "subscript (',' subscript)* [',']";
    subscript: "'.' '.' '.' | test | [test] ':' [test] [sliceop]";
    sliceop(keep): "':' [test]";
    exprlist: "expr (',' expr)* [',']";
    testlist: "test (',' test)* [',']";
    dictorsetmaker: "test ':' test (comp_for | (',' test ':' test)* [',']) | test (comp_for | (',' test)* [','])";
    classdef(keep): "'class' NAME ['(' [testlist] ')'] ':' suite";
    arglist: "(argument ',')* (argument [','] | '*' test (',' argument)* [',' '**' test] | '**' test)";
    argument: "test [comp_for] | test '=' test";
    list_iter: "list_for | list_if";
    list_for(keep): "'for' exprlist 'in' testlist_safe [list_iter]";
    list_if(keep): "'if' old_test [list_iter]";
    comp_iter: "comp_for | comp_if";
    comp_for(keep): "'for' exprlist 'in' or_test [comp_iter]";
    comp_if(keep): "'if' old_test [comp_iter]";
    testlist1: "test (',' test)*";
    encoding_decl: "NAME";
    yield_expr(keep): "'yield' [testlist]";
}
