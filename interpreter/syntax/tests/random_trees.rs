//! Trees no parser would make must compile or be refused, and never panic: programs can build any tree through `ast`.

use syntax::CompileFlags;
use syntax::ast::*;
use syntax::code::{CodeObject, Const};
use syntax::opcodes::{Opcode, Operand};

/// A small generator with a fixed sequence.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn line(&mut self) -> i32 {
        match self.below(40) {
            0 => -5,
            1 => i32::MAX,
            2 => 0,
            n => n as i32 * 7,
        }
    }

    fn ident(&mut self) -> Ident {
        ["a", "b", "__c", "d.e", "", "*", "None", "__debug__", ".0", "\u{e9}"][self.below(10) as usize].into()
    }

    fn ctx(&mut self) -> ExprContext {
        use ExprContext::*;
        [Load, Load, Load, Load, Store, Del, AugLoad, AugStore, Param][self.below(9) as usize]
    }

    fn list<T>(&mut self, most: u64, mut item: impl FnMut(&mut Random) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| item(self)).collect()
    }

    fn maybe(&mut self, depth: u32) -> Option<Box<Expr>> {
        (self.below(2) == 0).then(|| self.boxed(depth))
    }

    fn boxed(&mut self, depth: u32) -> Box<Expr> {
        Box::new(self.expr(depth))
    }

    fn exprs(&mut self, depth: u32) -> Vec<Expr> {
        self.list(3, |r| r.expr(depth))
    }

    fn constant(&mut self) -> Constant {
        match self.below(6) {
            0 => Constant::Int(self.below(5) as i64 - 2),
            1 => Constant::Long(i64::MAX.into()),
            2 => Constant::Float([0.0, -0.0, f64::NAN, f64::INFINITY, 1.5][self.below(5) as usize]),
            3 => Constant::Complex(-0.0),
            4 => Constant::Str(b"%s%d"[..self.below(5) as usize].into()),
            _ => Constant::Unicode([0xd800, 0x25][..self.below(3) as usize].into()),
        }
    }

    fn arguments(&mut self, depth: u32) -> Box<Arguments> {
        Box::new(Arguments {
            args: self.exprs(depth),
            vararg: (self.below(3) == 0).then(|| self.ident()),
            kwarg: (self.below(3) == 0).then(|| self.ident()),
            defaults: self.exprs(depth),
        })
    }

    fn generators(&mut self, depth: u32) -> Vec<Comprehension> {
        self.list(2, |r| Comprehension { target: r.expr(depth), iter: r.expr(depth), ifs: r.exprs(depth) })
    }

    fn slice(&mut self, depth: u32) -> Slice {
        match self.below(5) {
            0 => Slice::Ellipsis,
            1 | 2 => {
                Slice::Slice { lower: self.maybe(depth), upper: self.maybe(depth), step: self.maybe(depth) }
            }
            3 if depth > 0 => Slice::ExtSlice { dims: self.list(3, |r| r.slice(depth - 1)) },
            _ => Slice::Index { value: self.boxed(depth) },
        }
    }

    fn expr(&mut self, depth: u32) -> Expr {
        let d = depth.saturating_sub(1);
        let kind = match if depth == 0 { 18 + self.below(3) } else { self.below(24) } {
            0 => ExprKind::BoolOp {
                op: [BoolOp::And, BoolOp::Or][self.below(2) as usize],
                values: self.exprs(d),
            },
            1 | 2 => {
                use Operator::*;
                let ops = [Add, Sub, Mult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv];
                ExprKind::BinOp {
                    left: self.boxed(d),
                    op: ops[self.below(12) as usize],
                    right: self.boxed(d),
                }
            }
            3 => {
                let ops = [UnaryOp::Invert, UnaryOp::Not, UnaryOp::UAdd, UnaryOp::USub];
                ExprKind::UnaryOp { op: ops[self.below(4) as usize], operand: self.boxed(d) }
            }
            4 => ExprKind::Lambda { args: self.arguments(d), body: self.boxed(d) },
            5 => ExprKind::IfExp { test: self.boxed(d), body: self.boxed(d), orelse: self.boxed(d) },
            6 => ExprKind::Dict { keys: self.exprs(d), values: self.exprs(d) },
            7 => ExprKind::Set { elts: self.exprs(d) },
            8 => ExprKind::ListComp { elt: self.boxed(d), generators: self.generators(d) },
            9 => ExprKind::SetComp { elt: self.boxed(d), generators: self.generators(d) },
            10 => ExprKind::DictComp {
                key: self.boxed(d),
                value: self.boxed(d),
                generators: self.generators(d),
            },
            11 => ExprKind::GeneratorExp { elt: self.boxed(d), generators: self.generators(d) },
            12 => ExprKind::Yield { value: self.maybe(d) },
            13 => {
                let ops = self.list(3, |r| [CmpOp::In, CmpOp::Is, CmpOp::Lt][r.below(3) as usize]);
                ExprKind::Compare { left: self.boxed(d), ops, comparators: self.exprs(d) }
            }
            14 => ExprKind::Call {
                func: self.boxed(d),
                args: self.exprs(d),
                keywords: self.list(2, |r| Keyword { arg: r.ident(), value: r.expr(d) }),
                starargs: self.maybe(d),
                kwargs: self.maybe(d),
            },
            15 => ExprKind::Repr { value: self.boxed(d) },
            16 => ExprKind::Attribute { value: self.boxed(d), attr: self.ident(), ctx: self.ctx() },
            17 => {
                ExprKind::Subscript { value: self.boxed(d), slice: Box::new(self.slice(d)), ctx: self.ctx() }
            }
            18 => ExprKind::Num { n: self.constant() },
            19 => ExprKind::Str { s: self.constant() },
            20 | 21 => ExprKind::Name { id: self.ident(), ctx: self.ctx() },
            22 => ExprKind::List { elts: self.exprs(d), ctx: self.ctx() },
            _ => ExprKind::Tuple { elts: self.exprs(d), ctx: self.ctx() },
        };
        Expr::new(kind, self.line(), 0)
    }

    fn body(&mut self, depth: u32) -> Vec<Stmt> {
        self.list(3, |r| r.stmt(depth))
    }

    fn aliases(&mut self) -> Vec<Alias> {
        self.list(2, |r| Alias { name: r.ident(), asname: (r.below(2) == 0).then(|| r.ident()) })
    }

    fn stmt(&mut self, depth: u32) -> Stmt {
        let d = depth.saturating_sub(1);
        let kind = match self.below(if depth == 0 { 15 } else { 23 }) {
            0 => StmtKind::Return { value: self.maybe(d) },
            1 => StmtKind::Delete { targets: self.exprs(d) },
            2 => StmtKind::Assign { targets: self.exprs(d), value: self.boxed(d) },
            3 => StmtKind::AugAssign { target: self.boxed(d), op: Operator::Div, value: self.boxed(d) },
            4 => StmtKind::Print { dest: self.maybe(d), values: self.exprs(d), nl: self.below(2) == 0 },
            5 => StmtKind::Raise { typ: self.maybe(d), inst: self.maybe(d), tback: self.maybe(d) },
            6 => StmtKind::Assert { test: self.boxed(d), msg: self.maybe(d) },
            7 => StmtKind::Import { names: self.aliases() },
            8 => StmtKind::ImportFrom {
                module: (self.below(2) == 0).then(|| self.ident()),
                names: self.aliases(),
                level: self.line(),
            },
            9 => StmtKind::Exec { body: self.boxed(d), globals: self.maybe(d), locals: self.maybe(d) },
            10 => StmtKind::Global { names: self.list(2, Random::ident) },
            11 => StmtKind::Expr { value: self.boxed(d) },
            12 => StmtKind::Pass,
            13 => StmtKind::Break,
            14 => StmtKind::Continue,
            15 | 16 => StmtKind::FunctionDef {
                name: self.ident(),
                args: self.arguments(d),
                body: self.body(d),
                decorator_list: self.exprs(d),
            },
            17 => StmtKind::ClassDef {
                name: self.ident(),
                bases: self.exprs(d),
                body: self.body(d),
                decorator_list: self.exprs(d),
            },
            18 => StmtKind::For {
                target: self.boxed(d),
                iter: self.boxed(d),
                body: self.body(d),
                orelse: self.body(d),
            },
            19 => StmtKind::While { test: self.boxed(d), body: self.body(d), orelse: self.body(d) },
            20 => StmtKind::If { test: self.boxed(d), body: self.body(d), orelse: self.body(d) },
            21 => StmtKind::TryFinally { body: self.body(d), finalbody: self.body(d) },
            _ => {
                let handlers = self.list(2, |r| ExceptHandler {
                    typ: r.maybe(d),
                    name: r.maybe(d),
                    body: r.body(d),
                    lineno: r.line(),
                    col_offset: 0,
                });
                StmtKind::TryExcept { body: self.body(d), handlers, orelse: self.body(d) }
            }
        };
        Stmt::new(kind, self.line(), 0)
    }
}

/// Every operand is in range and every jump goes to an instruction.
fn check(code: &CodeObject) {
    let mut starts = vec![false; code.code.len() + 1];
    let mut targets = Vec::new();
    let mut at = 0;
    while at < code.code.len() {
        starts[at] = true;
        let op = Opcode::from_u8(code.code[at]).expect("an opcode");
        let next = at + op.size();
        if op.has_argument() {
            let arg = usize::from(u16::from_le_bytes([code.code[at + 1], code.code[at + 2]]));
            let limit = match op.operand() {
                Operand::Const => code.consts.len(),
                Operand::Name => code.names.len(),
                Operand::Local => code.varnames.len(),
                Operand::Free => code.cellvars.len() + code.freevars.len(),
                Operand::JumpForward => {
                    targets.push(next + arg);
                    usize::MAX
                }
                Operand::JumpAbsolute => {
                    targets.push(arg);
                    usize::MAX
                }
                Operand::None | Operand::Compare | Operand::Call | Operand::Count => usize::MAX,
            };
            assert!(arg < limit, "{} {arg}", op.name());
        }
        at = next;
    }
    assert!(targets.iter().all(|&t| t < code.code.len() && starts[t]), "a jump goes nowhere");
    for value in &code.consts {
        if let Const::Code(inner) = value {
            check(inner);
        }
    }
}

#[test]
fn odd_trees_do_no_harm() {
    let (mut compiled, mut refused) = (0, 0);
    for seed in 0..6000 {
        let mut random = Random(seed);
        let tree = match seed % 8 {
            0 => Mod::Expression(random.boxed(4)),
            1 => Mod::Interactive(random.body(3)),
            2 => Mod::Suite(random.body(1)),
            _ => Mod::Module(random.body(3)),
        };
        let options = CompileFlags { optimize: (seed % 3) as u8, ..CompileFlags::default() };
        match syntax::compile_tree(&tree, b"tree", &options, &mut Vec::new()) {
            Ok(result) => {
                check(&result.code);
                let bytes = syntax::marshal::dump_code(&result.code).expect("not deep");
                syntax::marshal::load(&bytes).expect("our own bytes");
                compiled += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(compiled > 1000 && refused > 100, "{compiled} compiled, {refused} refused");
}

#[test]
fn deep_chains_end_in_code_or_in_an_error() {
    let name = || Box::new(Expr::new(ExprKind::Name { id: "a".into(), ctx: ExprContext::Load }, 1, 0));
    for (terms, fits) in [(50_000, true), (500_000, false)] {
        let mut sum = name();
        for _ in 0..terms {
            sum = Box::new(Expr::new(ExprKind::BinOp { left: sum, op: Operator::Add, right: name() }, 1, 0));
        }
        let result =
            syntax::compile_tree(&Mod::Expression(sum), b"tree", &CompileFlags::default(), &mut Vec::new());
        assert_eq!(result.is_ok(), fits, "{terms} terms");
    }
}
