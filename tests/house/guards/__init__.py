"""What a machine can see of the house law. Each guard takes a tree of source files and returns what is wrong in it.

tests/test_house_rules.py holds them against this house, tests/house/test_planted.py against small houses with a fault.
"""
