//! The grammar as tables: one deterministic automaton a nonterminal, with one-token lookahead worked into the states.
//!
//! Built once, at first use, in three steps: parse a rule's body into a nondeterministic automaton, determine it by
//! the subset construction, and replace each arc on a nonterminal by arcs on the tokens that can start it.

use super::grammar::{FIRST_SYMBOL, RULES};
use crate::lexer::token::{KEYWORDS, KINDS, Kind, TOKENS};
use std::sync::OnceLock;

/// What a state does on a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing: the token does not fit.
    None,
    /// Take the token and go to a state.
    Shift(u16),
    /// Go to a state (`.1`) and first parse a nonterminal (`.0`, from 0).
    Push(u8, u16),
}

/// A state of some automaton; states of all automata are numbered together.
#[derive(Clone, Debug)]
pub struct State {
    /// The nonterminal it belongs to.
    pub symbol: u16,
    /// The nonterminal may end here.
    pub accepting: bool,
    /// Nothing may follow inside the nonterminal.
    pub terminal: bool,
    /// The only token that fits, when there is exactly one.
    pub only: Option<Kind>,
    /// First kind with an action.
    low: u8,
    /// Actions for `low..`.
    actions: Box<[u32]>,
}

const SHIFT: u32 = 1 << 31;
const PUSH: u32 = 1 << 30;

impl State {
    /// The action on a kind.
    #[inline]
    pub fn action(&self, kind: Kind) -> Action {
        match self.actions.get((kind as usize).wrapping_sub(self.low as usize)) {
            Some(&a) if a & SHIFT != 0 => Action::Shift(a as u16),
            Some(&a) if a & PUSH != 0 => Action::Push((a >> 16) as u8, a as u16),
            _ => Action::None,
        }
    }
}

/// All automata.
#[derive(Debug)]
pub struct Tables {
    /// The states.
    pub states: Vec<State>,
    /// The initial state of each nonterminal.
    pub initial: Vec<u16>,
    /// Whether a nonterminal makes a node even around a single child.
    pub keep: Vec<bool>,
}

/// The tables of the language.
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(build)
}

/// A label: a token kind, or a nonterminal from [`FIRST_SYMBOL`].
type Label = u16;

/// A nondeterministic automaton; arcs without a label are free.
#[derive(Default)]
struct Nfa {
    arcs: Vec<Vec<(Option<Label>, usize)>>,
}

impl Nfa {
    fn state(&mut self) -> usize {
        self.arcs.push(Vec::new());
        self.arcs.len() - 1
    }

    fn free(&mut self, from: usize, to: usize) {
        self.arcs[from].push((None, to));
    }

    /// Adds all states reachable by free arcs; keeps `set` sorted.
    fn close(&self, set: &mut Vec<usize>) {
        let mut i = 0;
        while i < set.len() {
            for &(label, to) in &self.arcs[set[i]] {
                if label.is_none() && !set.contains(&to) {
                    set.push(to);
                }
            }
            i += 1;
        }
        set.sort_unstable();
    }
}

/// A recursive-descent reader of rule bodies.
struct BodyReader<'a> {
    rest: &'a str,
    nfa: Nfa,
}

impl<'a> BodyReader<'a> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.rest = &self.rest[c.len_utf8()..];
        }
        found
    }

    fn choices(&mut self) -> (usize, usize) {
        let (start, end) = self.sequence();
        if self.peek() != Some('|') {
            return (start, end);
        }
        let (first, last) = (self.nfa.state(), self.nfa.state());
        self.nfa.free(first, start);
        self.nfa.free(end, last);
        while self.eat('|') {
            let (start, end) = self.sequence();
            self.nfa.free(first, start);
            self.nfa.free(end, last);
        }
        (first, last)
    }

    fn sequence(&mut self) -> (usize, usize) {
        let (start, mut end) = self.item();
        while !matches!(self.peek(), None | Some('|' | ')' | ']')) {
            let (next, next_end) = self.item();
            self.nfa.free(end, next);
            end = next_end;
        }
        (start, end)
    }

    fn item(&mut self) -> (usize, usize) {
        if self.eat('[') {
            let (start, end) = self.choices();
            assert!(self.eat(']'), "grammar: unclosed bracket before {:?}", self.rest);
            let (first, last) = (self.nfa.state(), self.nfa.state());
            self.nfa.free(first, start);
            self.nfa.free(first, last);
            self.nfa.free(end, last);
            return (first, last);
        }
        let (start, end) = if self.eat('(') {
            let inner = self.choices();
            assert!(self.eat(')'), "grammar: unclosed parenthesis before {:?}", self.rest);
            inner
        } else {
            let label = self.label();
            let (start, end) = (self.nfa.state(), self.nfa.state());
            self.nfa.arcs[start].push((Some(label), end));
            (start, end)
        };
        if self.eat('+') {
            self.nfa.free(end, start);
        } else if self.eat('*') {
            self.nfa.free(end, start);
            return (start, start);
        }
        (start, end)
    }

    fn label(&mut self) -> Label {
        if self.eat('\'') {
            let (word, rest) = self.rest.split_once('\'').expect("grammar: unclosed quote");
            self.rest = rest;
            return kind_of(word);
        }
        let len = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(len);
        self.rest = rest;
        match RULES.iter().position(|r| r.0 == word) {
            Some(n) => FIRST_SYMBOL + n as u16,
            None => kind_of(word),
        }
    }
}

fn kind_of(word: &str) -> Label {
    let found = TOKENS.iter().chain(KEYWORDS).find(|t| t.0 == word);
    found.unwrap_or_else(|| panic!("grammar: unknown word {word:?}")).1 as Label
}

/// A deterministic automaton: accepting or not, and arcs in the order met.
type Dfa = Vec<(bool, Vec<(Label, usize)>)>;

fn determine(body: &str) -> Dfa {
    let mut reader = BodyReader { rest: body, nfa: Nfa::default() };
    let (start, end) = reader.choices();
    assert!(reader.peek().is_none(), "grammar: trailing {:?}", reader.rest);
    let nfa = reader.nfa;
    let mut first = vec![start];
    nfa.close(&mut first);
    let mut sets = vec![first];
    let mut dfa = Dfa::new();
    while dfa.len() < sets.len() {
        let set = sets[dfa.len()].clone();
        let mut moves: Vec<(Label, Vec<usize>)> = Vec::new();
        for &(label, to) in set.iter().flat_map(|&s| &nfa.arcs[s]) {
            let Some(label) = label else { continue };
            match moves.iter_mut().find(|m| m.0 == label) {
                Some(m) => m.1.push(to),
                None => moves.push((label, vec![to])),
            }
        }
        let mut arcs = Vec::new();
        for (label, mut target) in moves {
            nfa.close(&mut target);
            target.dedup();
            let index = sets.iter().position(|s| *s == target).unwrap_or_else(|| {
                sets.push(target);
                sets.len() - 1
            });
            arcs.push((label, index));
        }
        dfa.push((set.contains(&end), arcs));
    }
    merge_equal(&mut dfa);
    dfa
}

/// Merges states that do the same, until there are none; unreachable leftovers are dropped.
fn merge_equal(dfa: &mut Dfa) {
    'again: loop {
        for i in 0..dfa.len() {
            for j in i + 1..dfa.len() {
                if dfa[i] == dfa[j] {
                    dfa.remove(j);
                    for (_, arcs) in dfa.iter_mut() {
                        for (_, to) in arcs.iter_mut() {
                            *to = match (*to).cmp(&j) {
                                std::cmp::Ordering::Less => *to,
                                std::cmp::Ordering::Equal => i,
                                std::cmp::Ordering::Greater => *to - 1,
                            };
                        }
                    }
                    continue 'again;
                }
            }
        }
        return;
    }
}

/// The tokens a nonterminal can start with.
fn first_set(symbol: usize, dfas: &[Dfa], known: &mut Vec<Option<[bool; KINDS]>>) -> [bool; KINDS] {
    if let Some(set) = known[symbol] {
        return set;
    }
    let mut set = [false; KINDS];
    for &(label, _) in &dfas[symbol][0].1 {
        if label < FIRST_SYMBOL {
            set[label as usize] = true;
        } else {
            let inner = first_set((label - FIRST_SYMBOL) as usize, dfas, known);
            set.iter_mut().zip(inner).for_each(|(s, i)| *s |= i);
        }
    }
    known[symbol] = Some(set);
    set
}

fn build() -> Tables {
    let dfas: Vec<Dfa> = RULES.iter().map(|r| determine(r.1)).collect();
    let mut known = vec![None; RULES.len()];
    let mut initial = Vec::new();
    let mut total = 0;
    for dfa in &dfas {
        initial.push(total as u16);
        total += dfa.len();
    }
    let mut states = Vec::with_capacity(total);
    for (symbol, dfa) in dfas.iter().enumerate() {
        let base = initial[symbol] as usize;
        for (accepting, arcs) in dfa {
            let mut actions = [0u32; KINDS];
            for &(label, to) in arcs {
                let to = (base + to) as u32;
                if label < FIRST_SYMBOL {
                    assert_eq!(actions[label as usize], 0, "grammar: {} is not LL(1)", RULES[symbol].0);
                    actions[label as usize] = SHIFT | to;
                } else {
                    let inner = (label - FIRST_SYMBOL) as usize;
                    for (kind, _) in first_set(inner, &dfas, &mut known).iter().enumerate().filter(|f| *f.1) {
                        assert_eq!(actions[kind], 0, "grammar: {} is not LL(1)", RULES[symbol].0);
                        actions[kind] = PUSH | (inner as u32) << 16 | to;
                    }
                }
            }
            let low = actions.iter().position(|a| *a != 0).unwrap_or(0);
            let high = actions.iter().rposition(|a| *a != 0).map_or(low, |h| h + 1);
            states.push(State {
                symbol: symbol as u16 + FIRST_SYMBOL,
                accepting: *accepting,
                terminal: *accepting && arcs.is_empty(),
                only: (high == low + 1).then_some(low as Kind),
                low: low as u8,
                actions: actions[low..high].into(),
            });
        }
    }
    Tables { states, initial, keep: RULES.iter().map(|r| r.2).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::grammar::symbol;

    #[test]
    fn grammar_is_ll1_and_fits() {
        let t = tables();
        assert!(t.states.len() < u16::MAX as usize);
        assert_eq!(symbol::single_input, 256);
        assert_eq!(RULES.len(), t.initial.len());
    }
}
