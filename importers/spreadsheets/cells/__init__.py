"""What cells mean: values as the register has them."""
