"""Motions authored in code: poses, inverse kinematics, clips and the VRMA writer."""
