//! Spilling the callee-saved registers, so that a conservative scan sees values that live only there.
//!
//! At any point inside a function each callee-saved register holds either its caller's value, or the function has pushed
//! that value into its own frame, which lies above the stack pointer. So storing them all together with the stack pointer
//! anywhere below the frames of interest covers everything those frames keep.

use crate::thread::SAVED_REGISTERS;

/// Stores the callee-saved registers at `into` and returns the stack pointer.
///
/// # Safety
/// `into` has room for [`SAVED_REGISTERS`] words.
#[inline(always)]
pub(crate) unsafe fn publish(into: *mut usize) -> usize {
    const { assert!(SAVED_REGISTERS == 12) };
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        let top: usize;
        // SAFETY: stores six words at `into` and reads the stack pointer.
        unsafe {
            std::arch::asm!(
                "mov [{into}], rbx",
                "mov [{into} + 8], rbp",
                "mov [{into} + 16], r12",
                "mov [{into} + 24], r13",
                "mov [{into} + 32], r14",
                "mov [{into} + 40], r15",
                "mov {top}, rsp",
                into = in(reg) into,
                top = lateout(reg) top,
                options(nostack, preserves_flags),
            );
        }
        top
    }
    #[cfg(all(target_arch = "aarch64", not(miri)))]
    {
        let top: usize;
        // SAFETY: stores twelve words at `into` and reads the stack pointer.
        unsafe {
            std::arch::asm!(
                "stp x19, x20, [{into}]",
                "stp x21, x22, [{into}, #16]",
                "stp x23, x24, [{into}, #32]",
                "stp x25, x26, [{into}, #48]",
                "stp x27, x28, [{into}, #64]",
                "stp x29, x30, [{into}, #80]",
                "mov {top}, sp",
                into = in(reg) into,
                top = lateout(reg) top,
                options(nostack, preserves_flags),
            );
        }
        top
    }
    #[cfg(miri)]
    {
        // Nothing is scanned conservatively under the interpreter.
        into as usize
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", miri)))]
    compile_error!("spilling registers is not written for this processor");
}
