"""How motions follow what was seen: cameras, the lift of limbs, re-projection."""
