// Package prompt knows the five prompts with which a payment terminal calls for help,
// and what may be behind each: the same words stand on the screen for a dead router, a
// hung host and a wrong clock.
//
// Match finds the prompt in what somebody typed off the screen. Each Prompt lists its
// usual causes; Cause picks the one that a code of the catalogue is. A prompt words the
// answer and decides nothing: no rule of package report reads it.
//
// The package is pure: it holds values and touches nothing.
package prompt
