//! The kernels where `crate::inference::kernels` is, as in the crate itself.

#[path = "../../src/inference"]
pub mod inference {
    pub mod kernels;

    /// Tests may run at any priority.
    fn lower_priority() {}
}
