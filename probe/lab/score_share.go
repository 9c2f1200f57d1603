//go:build linux

package lab

import "math"

// Share is a part of a whole: Hit of Of.
type Share struct{ Hit, Of int }

func (s *Share) count(hit bool) {
	s.Of++
	if hit {
		s.Hit++
	}
}

// Value is the share as a number from 0 to 1; NaN when there was nothing to count.
func (s Share) Value() float64 { return float64(s.Hit) / float64(s.Of) }

// normal95 is the two-sided 95 % quantile of the standard normal distribution.
const normal95 = 1.959963984540054

// Interval is the 95 % score interval of the share, low and high from 0 to 1: unlike the
// textbook's it keeps its promise for few cases and for shares near 1 (E. B. Wilson,
// "Probable inference, the law of succession, and statistical inference", Journal of the
// American Statistical Association 22 (1927), pages 209-212). With nothing counted it is
// 0 to 1.
func (s Share) Interval() (low, high float64) {
	if s.Of == 0 {
		return 0, 1
	}
	n, p, z2 := float64(s.Of), s.Value(), normal95*normal95
	centre := (p + z2/(2*n)) / (1 + z2/n)
	half := normal95 / (1 + z2/n) * math.Sqrt(p*(1-p)/n+z2/(4*n*n))
	return max(0, centre-half), min(1, centre+half)
}
