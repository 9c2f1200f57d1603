// Package incident turns single verdicts into incidents: a fault opens one when it has
// been seen often enough, and ends it when it has stayed away long enough. Debounce lives
// here and never in the diagnosis: a report says what one round saw, whatever came before.
//
// It is pure: (state, report) → (state, events). How long something lasts is measured by
// the terminal's uptime, so that a wall clock that steps, or starts in 1970, opens and
// escalates nothing. The state is small, bounded, and meant to be stored as JSON.
package incident
