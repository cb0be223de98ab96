"""Builds the four idols of the demo as VRM 1.0 files, and their motions as VRMA files.

Everything is computed from CC0 body data (MakeHuman/MPFB2 and the Face Units
by Mika Suominen) and from the code in this package; see README.md and NOTICE.
"""
