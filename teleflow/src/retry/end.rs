//! Why there is no further attempt, for the log and the error.

/// Why there is no further attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The response is a 2xx.
    Final,
    /// A retry would not change the result.
    Permanent,
    /// A retry may broadcast twice: the server may have processed the request, and has not shown that it acts on
    /// idempotency keys.
    UnsafeToRetry,
    /// All attempts are used up; this is the maximum.
    MaxAttempts(u32),
    /// The client's retry budget is used up.
    RetryBudget,
    /// Too little time is left before the deadline.
    Deadline,
    /// The server asked to wait until after the deadline, or until shortly before it.
    RetryAfterTooLate,
    /// The rate limit is used up, and allows the next attempt only after the deadline, or shortly before it.
    RateLimit,
    /// The request costs more than this burst of the server's rate policy.
    Burst(u32),
}

impl End {
    /// The value of `end` in the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Final => "final",
            Self::Permanent => "permanent",
            Self::UnsafeToRetry => "unsafe_to_retry",
            Self::MaxAttempts(_) => "max_attempts",
            Self::RetryBudget => "retry_budget",
            Self::Deadline => "deadline",
            Self::RetryAfterTooLate => "retry_after_too_late",
            Self::RateLimit => "rate_limit",
            Self::Burst(_) => "rate_policy",
        }
    }

    /// Whether a later attempt might have succeeded.
    pub(crate) fn is_limit(self) -> bool {
        !matches!(self, Self::Final | Self::Permanent)
    }

    /// The reason in an error.
    pub(crate) fn reason(self) -> Option<String> {
        let reason = match self {
            // The rest of the error already contains it.
            Self::Final | Self::Burst(_) => return None,
            Self::Permanent => "not retryable",
            Self::UnsafeToRetry => "not retried because the server may broadcast it twice",
            Self::MaxAttempts(max) => return Some(format!("no attempt left, `max_attempts` is {max}")),
            Self::RetryBudget => "the retry budget of the client is used up",
            Self::Deadline => "too little time left before the `deadline`",
            Self::RateLimit => "the rate limit allows no attempt before the `deadline`",
            // It follows "retry after … s" in the error.
            Self::RetryAfterTooLate => "which is past the deadline of the request or too close to it",
        };
        Some(String::from(reason))
    }
}
