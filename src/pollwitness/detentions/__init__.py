"""How many people: estimates from overlapping lists, and the linking of records to persons."""
