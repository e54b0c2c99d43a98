//! `--jit ARG`: `off`, `default`, or `name=value,...` over the compiler's parameters.
//!
//! One row a parameter: its name, its default, what it means. Defaults and help text come from the table.

/// A parameter of the tracing compiler.
pub struct Parameter {
    pub name: &'static str,
    pub default: i64,
    pub meaning: &'static str,
}

const fn row(name: &'static str, default: i64, meaning: &'static str) -> Parameter {
    Parameter { name, default, meaning }
}

/// The numeric parameters.
pub const PARAMETERS: [Parameter; 15] = [
    row("threshold", 1039, "how often a loop runs before it is traced"),
    row("function_threshold", 1619, "how often a function is called before it is traced from its start"),
    row("trace_eagerness", 200, "how often a guard fails before a bridge is traced from it"),
    row("decay", 40, "how fast counters forget, 0 (never) to 1000"),
    row("trace_limit", 6000, "how many operations a trace may record"),
    row("inlining", 1, "whether Python calls are traced into: 0 or 1"),
    row("loop_longevity", 1000, "how many collections a loop survives unused"),
    row("retrace_limit", 5, "how often the same loop is traced again for other types"),
    row("max_retrace_guards", 15, "how many extra guards a retrace may need"),
    row("max_unroll_loops", 0, "how many extra copies of a loop's body may be kept"),
    row("disable_unrolling", 200, "from how many operations on a loop is not peeled"),
    row("max_unroll_recursion", 7, "how deep recursion is traced into"),
    row("vec", 0, "accepted for compatibility"),
    row("vec_all", 0, "accepted for compatibility"),
    row("vec_cost", 0, "accepted for compatibility"),
];

/// The passes `enable_opts` may name, joined by colons; `all` names all of them.
pub const PASSES: [&str; 8] =
    ["intbounds", "rewrite", "virtualize", "string", "pure", "earlyforce", "heap", "unroll"];

/// What `--jit` said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JitOptions {
    pub enabled: bool,
    /// The value of each of [`PARAMETERS`], in that order.
    values: [i64; PARAMETERS.len()],
    /// `enable_opts`: none for all.
    pub passes: Option<Vec<String>>,
}

impl Default for JitOptions {
    fn default() -> JitOptions {
        JitOptions { enabled: true, values: PARAMETERS.map(|parameter| parameter.default), passes: None }
    }
}

impl JitOptions {
    /// The value of a parameter; none for a name that is not in the table.
    pub fn value(&self, name: &str) -> Option<i64> {
        let at = PARAMETERS.iter().position(|parameter| parameter.name == name)?;
        Some(self.values[at])
    }

    /// Carries out one argument of `--jit`; the error is a line for the user.
    pub fn set(&mut self, text: &str) -> Result<(), String> {
        match text {
            "off" => self.enabled = false,
            "default" => *self = JitOptions::default(),
            _ => {
                for part in text.split(',') {
                    self.set_one(part.trim()).map_err(|reason| format!("--jit {text}: {reason}"))?;
                }
            }
        }
        Ok(())
    }

    fn set_one(&mut self, part: &str) -> Result<(), String> {
        let Some((name, value)) = part.split_once('=') else {
            return Err(format!("'{part}' is not of the form name=value (see --jit help)"));
        };
        if name == "enable_opts" {
            return self.set_passes(value);
        }
        let Some(at) = PARAMETERS.iter().position(|parameter| parameter.name == name) else {
            return Err(format!("there is no parameter '{name}' (see --jit help)"));
        };
        let number: i64 = value.parse().map_err(|_| format!("{name} takes a whole number, not '{value}'"))?;
        if number < -1 {
            return Err(format!("{name} cannot be {number}"));
        }
        self.values[at] = number;
        Ok(())
    }

    fn set_passes(&mut self, value: &str) -> Result<(), String> {
        if value == "all" {
            self.passes = None;
            return Ok(());
        }
        let mut passes = Vec::new();
        for name in value.split(':').filter(|name| !name.is_empty()) {
            if !PASSES.contains(&name) {
                return Err(format!("there is no pass '{name}' (known: {})", PASSES.join(" ")));
            }
            passes.push(name.to_owned());
        }
        self.passes = Some(passes);
        Ok(())
    }
}

/// The text of `--jit help`.
pub fn help() -> String {
    let mut text = String::from("--jit off | default | NAME=VALUE,...  with these names and defaults:\n");
    for parameter in &PARAMETERS {
        text.push_str(&format!("  {:<22}{:>5}  {}\n", parameter.name, parameter.default, parameter.meaning));
    }
    text.push_str(&format!(
        "  {:<22}{:>5}  passes joined by ':', of {}\n",
        "enable_opts",
        "all",
        PASSES.join(" ")
    ));
    text
}
