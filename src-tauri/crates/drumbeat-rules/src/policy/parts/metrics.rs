//! How the published figures are counted where definitions differ (K). Said in the rules of engagement; the
//! screens that count take them from here.

parts! {
    /// How figures are counted.
    MetricRules {
        /// Open pipeline.
        pipeline: PipelineRule,
        /// Average deal size.
        average_size: AverageSize,
        /// Words in a deal's products that mean services.
        services: Vec<String>,
        /// Words in a deal's products that mean an integration.
        integrations: Vec<String>,
    }
}

choices! {
    /// How open pipeline is summed.
    PipelineRule {
        /// Each deal by the probability of its stage.
        Weighted "weighted" "each open deal by the probability of its stage",
        /// Each deal in full.
        Full "full" "each open deal in full",
    }

    /// Over which deals the average size is taken.
    AverageSize {
        /// Won ones.
        Won "won" "won deals",
        /// All that are closed.
        Closed "closed" "all closed deals, won or lost",
    }
}
