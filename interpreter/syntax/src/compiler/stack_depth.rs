//! The deepest stack a unit may need.
//!
//! A walk along all edges. It is not the exact answer but the one every 2.7 code object shows: a block is entered again
//! only at a greater depth than before, never while it is on the path already, and handlers start three values deeper.

use super::unit::Unit;
use crate::opcodes::Opcode;

/// A block on the path of the walk.
struct Visit {
    block: usize,
    instruction: usize,
    depth: i32,
}

/// The value of `co_stacksize`.
pub(super) fn stack_depth(unit: &Unit) -> i32 {
    let mut on_path = vec![false; unit.blocks.len()];
    let mut start_depth = vec![i32::MIN; unit.blocks.len()];
    let mut max_depth = 0;
    let mut path: Vec<Visit> = Vec::new();
    let mut pending = Some((0, 0));
    loop {
        if let Some((block, depth)) = pending.take()
            && !on_path[block]
            && start_depth[block] < depth
        {
            on_path[block] = true;
            start_depth[block] = depth;
            path.push(Visit { block, instruction: 0, depth });
        }
        let Some(visit) = path.last_mut() else { return max_depth };
        let block = &unit.blocks[visit.block];
        if visit.instruction > block.instructions.len() {
            on_path[visit.block] = false;
            path.pop();
            continue;
        }
        let Some(instruction) = block.instructions.get(visit.instruction) else {
            visit.instruction += 1;
            pending = block.next.map(|next| (next.0, visit.depth));
            continue;
        };
        visit.instruction += 1;
        visit.depth += instruction.op.stack_effect(instruction.arg as i32);
        max_depth = max_depth.max(visit.depth);
        if let Some(target) = instruction.target {
            let depth = match instruction.op {
                Opcode::FOR_ITER => visit.depth - 2,
                Opcode::SETUP_FINALLY | Opcode::SETUP_EXCEPT => visit.depth + 3,
                _ => visit.depth,
            };
            max_depth = max_depth.max(depth);
            match instruction.op {
                // What follows in this block is dead.
                Opcode::JUMP_ABSOLUTE | Opcode::JUMP_FORWARD => {
                    visit.instruction = block.instructions.len() + 1
                }
                // These pop when they do not jump.
                Opcode::JUMP_IF_TRUE_OR_POP | Opcode::JUMP_IF_FALSE_OR_POP => visit.depth -= 1,
                _ => {}
            }
            pending = Some((target.0, depth));
        }
    }
}
