/** Units of cost that make a dollar in us-east-1. A unit is what DynamoDB takes for reading 4 KB with strong consistency. */
export const unitsPerDollar = 8_000_000
