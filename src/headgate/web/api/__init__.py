"""The API's nouns: a router each, made by `routes(...)` over the services of this process."""
