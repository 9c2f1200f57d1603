package signon

import "slices"

// formatsUnionPay are the fields whose form is known in UnionPay's terminal messages,
// and beside them the fixed and LLVAR ones that ISO 8583:1987 gives everybody, so that a
// host that adds one does not stop the walk before field 39. Lengths of 46, 56 and 57
// follow the dialects that use them.
//
// Variable numeric fields are left-aligned with a zero nibble at the end when odd, and
// so is 22; 23 is right-aligned. The bytes they take are the same.
var formatsUnionPay = formats{
	2: {numeric, 2, 19}, 3: {numeric, 0, 6}, 4: {numeric, 0, 12}, 5: {numeric, 0, 12},
	6: {numeric, 0, 12}, 7: {numeric, 0, 10}, 8: {numeric, 0, 8}, 9: {numeric, 0, 8},
	10: {numeric, 0, 8}, 11: {numeric, 0, 6}, 12: {numeric, 0, 6}, 13: {numeric, 0, 4},
	14: {numeric, 0, 4}, 15: {numeric, 0, 4}, 16: {numeric, 0, 4}, 17: {numeric, 0, 4},
	18: {numeric, 0, 4}, 19: {numeric, 0, 3}, 20: {numeric, 0, 3}, 21: {numeric, 0, 3},
	22: {numeric, 0, 3}, 23: {numeric, 0, 3}, 24: {numeric, 0, 3}, 25: {numeric, 0, 2},
	26: {numeric, 0, 2}, 32: {numeric, 2, 11}, 33: {numeric, 2, 11}, 35: {numeric, 2, 37},
	36: {numeric, 3, 104}, 37: {chars, 0, 12}, 38: {chars, 0, 6}, 39: {chars, 0, 2},
	40: {chars, 0, 3}, 41: {chars, 0, 8}, 42: {chars, 0, 15}, 43: {chars, 0, 40}, 44: {chars, 2, 99},
	45: {chars, 2, 76}, 46: {chars, 3, 999}, 47: {chars, 3, 999}, 48: {numeric, 3, 999},
	49: {chars, 0, 3}, 50: {chars, 0, 3}, 51: {chars, 0, 3}, 52: {octets, 0, 8},
	53: {numeric, 0, 16}, 54: {chars, 3, 120}, 55: {chars, 3, 999}, 56: {chars, 3, 999},
	57: {chars, 3, 999}, 58: {chars, 3, 999}, 59: {chars, 3, 999}, 60: {numeric, 3, 17},
	61: {numeric, 3, 999}, 62: {chars, 3, 999}, 63: {chars, 3, 999}, 64: {octets, 0, 8},
}

// formats1987 are the data elements of ISO 8583:1987, in the sizes that
// ISO87APackager of jPOS has. Field 1 is the second bitmap, and the form of field 65, a
// third one, is not known.
var formats1987 = formats{
	2: {numeric, 2, 19}, 3: {numeric, 0, 6}, 4: {numeric, 0, 12}, 5: {numeric, 0, 12},
	6: {numeric, 0, 12}, 7: {numeric, 0, 10}, 8: {numeric, 0, 8}, 9: {numeric, 0, 8},
	10: {numeric, 0, 8}, 11: {numeric, 0, 6}, 12: {numeric, 0, 6}, 13: {numeric, 0, 4},
	14: {numeric, 0, 4}, 15: {numeric, 0, 4}, 16: {numeric, 0, 4}, 17: {numeric, 0, 4},
	18: {numeric, 0, 4}, 19: {numeric, 0, 3}, 20: {numeric, 0, 3}, 21: {numeric, 0, 3},
	22: {numeric, 0, 3}, 23: {numeric, 0, 3}, 24: {numeric, 0, 3}, 25: {numeric, 0, 2},
	26: {numeric, 0, 2}, 27: {numeric, 0, 1}, 28: {amount, 0, 9}, 29: {amount, 0, 9},
	30: {amount, 0, 9}, 31: {amount, 0, 9}, 32: {numeric, 2, 11}, 33: {numeric, 2, 11},
	34: {chars, 2, 28}, 35: {numeric, 2, 37}, 36: {chars, 3, 104}, 37: {chars, 0, 12},
	38: {chars, 0, 6}, 39: {chars, 0, 2}, 40: {chars, 0, 3}, 41: {chars, 0, 8}, 42: {chars, 0, 15},
	43: {chars, 0, 40}, 44: {chars, 2, 25}, 45: {chars, 2, 76}, 46: {chars, 3, 999},
	47: {chars, 3, 999}, 48: {chars, 3, 999}, 49: {chars, 0, 3}, 50: {chars, 0, 3},
	51: {chars, 0, 3}, 52: {octets, 0, 8}, 53: {numeric, 0, 16}, 54: {chars, 3, 120},
	55: {chars, 3, 999}, 56: {chars, 3, 999}, 57: {chars, 3, 999}, 58: {chars, 3, 999},
	59: {chars, 3, 999}, 60: {chars, 3, 999}, 61: {chars, 3, 999}, 62: {chars, 3, 999},
	63: {chars, 3, 999}, 64: {octets, 0, 8}, 66: {numeric, 0, 1}, 67: {numeric, 0, 2},
	68: {numeric, 0, 3}, 69: {numeric, 0, 3}, 70: {numeric, 0, 3}, 71: {numeric, 0, 4},
	72: {numeric, 0, 4}, 73: {numeric, 0, 6}, 74: {numeric, 0, 10}, 75: {numeric, 0, 10},
	76: {numeric, 0, 10}, 77: {numeric, 0, 10}, 78: {numeric, 0, 10}, 79: {numeric, 0, 10},
	80: {numeric, 0, 10}, 81: {numeric, 0, 10}, 82: {numeric, 0, 12}, 83: {numeric, 0, 12},
	84: {numeric, 0, 12}, 85: {numeric, 0, 12}, 86: {numeric, 0, 16}, 87: {numeric, 0, 16},
	88: {numeric, 0, 16}, 89: {numeric, 0, 16}, 90: {numeric, 0, 42}, 91: {chars, 0, 1},
	92: {chars, 0, 2}, 93: {chars, 0, 6}, 94: {chars, 0, 7}, 95: {chars, 0, 42}, 96: {octets, 0, 16},
	97: {amount, 0, 17}, 98: {chars, 0, 25}, 99: {numeric, 2, 11}, 100: {numeric, 2, 11},
	101: {chars, 2, 17}, 102: {chars, 2, 28}, 103: {chars, 2, 28}, 104: {chars, 3, 100},
	105: {chars, 3, 999}, 106: {chars, 3, 999}, 107: {chars, 3, 999}, 108: {chars, 3, 999},
	109: {chars, 3, 999}, 110: {chars, 3, 999}, 111: {chars, 3, 999}, 112: {chars, 3, 999},
	113: {chars, 3, 999}, 114: {chars, 3, 999}, 115: {chars, 3, 999}, 116: {chars, 3, 999},
	117: {chars, 3, 999}, 118: {chars, 3, 999}, 119: {chars, 3, 999}, 120: {chars, 3, 999},
	121: {chars, 3, 999}, 122: {chars, 3, 999}, 123: {chars, 3, 999}, 124: {chars, 3, 999},
	125: {chars, 3, 999}, 126: {chars, 3, 999}, 127: {chars, 3, 999}, 128: {octets, 0, 8},
}

// formats1993 are the data elements of ISO 8583:1993, in the sizes that
// ISO93APackager of jPOS has.
var formats1993 = formats{
	2: {numeric, 2, 19}, 3: {numeric, 0, 6}, 4: {numeric, 0, 12}, 5: {numeric, 0, 12},
	6: {numeric, 0, 12}, 7: {numeric, 0, 10}, 8: {numeric, 0, 8}, 9: {numeric, 0, 8},
	10: {numeric, 0, 8}, 11: {numeric, 0, 6}, 12: {numeric, 0, 12}, 13: {numeric, 0, 4},
	14: {numeric, 0, 4}, 15: {numeric, 0, 6}, 16: {numeric, 0, 4}, 17: {numeric, 0, 4},
	18: {numeric, 0, 4}, 19: {numeric, 0, 3}, 20: {numeric, 0, 3}, 21: {numeric, 0, 3},
	22: {chars, 0, 12}, 23: {numeric, 0, 3}, 24: {numeric, 0, 3}, 25: {numeric, 0, 4},
	26: {numeric, 0, 4}, 27: {numeric, 0, 1}, 28: {numeric, 0, 6}, 29: {numeric, 0, 3},
	30: {numeric, 0, 24}, 31: {chars, 2, 99}, 32: {numeric, 2, 11}, 33: {numeric, 2, 11},
	34: {chars, 2, 28}, 35: {chars, 2, 37}, 36: {chars, 3, 104}, 37: {chars, 0, 12},
	38: {chars, 0, 6}, 39: {numeric, 0, 3}, 40: {numeric, 0, 3}, 41: {chars, 0, 8},
	42: {chars, 0, 15}, 43: {chars, 2, 99}, 44: {chars, 2, 99}, 45: {chars, 2, 76},
	46: {chars, 3, 204}, 47: {chars, 3, 999}, 48: {chars, 3, 999}, 49: {chars, 0, 3},
	50: {chars, 0, 3}, 51: {chars, 0, 3}, 52: {octets, 0, 8}, 53: {octets, 2, 48},
	54: {chars, 3, 120}, 55: {octets, 3, 255}, 56: {numeric, 2, 35}, 57: {numeric, 0, 3},
	58: {numeric, 2, 11}, 59: {chars, 3, 999}, 60: {chars, 3, 999}, 61: {chars, 3, 999},
	62: {chars, 3, 999}, 63: {chars, 3, 999}, 64: {octets, 0, 8}, 65: {octets, 0, 8},
	66: {chars, 3, 204}, 67: {numeric, 0, 2}, 68: {numeric, 0, 3}, 69: {numeric, 0, 3},
	70: {numeric, 0, 3}, 71: {numeric, 0, 8}, 72: {chars, 3, 999}, 73: {numeric, 0, 6},
	74: {numeric, 0, 10}, 75: {numeric, 0, 10}, 76: {numeric, 0, 10}, 77: {numeric, 0, 10},
	78: {numeric, 0, 10}, 79: {numeric, 0, 10}, 80: {numeric, 0, 10}, 81: {numeric, 0, 10},
	82: {numeric, 0, 10}, 83: {numeric, 0, 10}, 84: {numeric, 0, 10}, 85: {numeric, 0, 10},
	86: {numeric, 0, 16}, 87: {numeric, 0, 16}, 88: {numeric, 0, 16}, 89: {numeric, 0, 16},
	90: {numeric, 0, 10}, 91: {numeric, 0, 3}, 92: {numeric, 0, 3}, 93: {numeric, 2, 11},
	94: {numeric, 2, 11}, 95: {chars, 2, 99}, 96: {octets, 3, 999}, 97: {amount, 0, 17},
	98: {chars, 0, 25}, 99: {chars, 2, 11}, 100: {numeric, 2, 11}, 101: {chars, 2, 17},
	102: {chars, 2, 28}, 103: {chars, 2, 28}, 104: {chars, 3, 100}, 105: {numeric, 0, 16},
	106: {numeric, 0, 16}, 107: {numeric, 0, 10}, 108: {numeric, 0, 10}, 109: {chars, 2, 84},
	110: {chars, 2, 84}, 111: {chars, 3, 999}, 112: {chars, 3, 999}, 113: {chars, 3, 999},
	114: {chars, 3, 999}, 115: {chars, 3, 999}, 116: {chars, 3, 999}, 117: {chars, 3, 999},
	118: {chars, 3, 999}, 119: {chars, 3, 999}, 120: {chars, 3, 999}, 121: {chars, 3, 999},
	122: {chars, 3, 999}, 123: {chars, 3, 999}, 124: {chars, 3, 999}, 125: {chars, 3, 999},
	126: {chars, 3, 999}, 127: {chars, 3, 999}, 128: {octets, 0, 8},
}

// isSecret reports whether a field can hold card data, an account, keys, a PIN block or a
// MAC in one of the protocols (PCI DSS v4 3.3 to 3.5, the working keys of field 62, the
// key management data of 96, and where networks carry key blocks). Such a field is never
// sent; in a reply it is stepped over and wiped with the rest.
func isSecret(field int) bool { _, found := slices.BinarySearch(secretFields, field); return found }

var secretFields = []int{2, 14, 34, 35, 36, 45, 48, 52, 53, 55, 59, 61, 62, 64, 96, 102, 103, 110, 125, 128}
