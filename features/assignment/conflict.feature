Feature: Nobody handles his cousin's quarrel
  In a village everybody is related. Whoever is close to a party is left out, the neighbouring village is asked
  instead, and why stays on file.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Wang is a cousin of Asha
    And Asha's dispute with Bram is reported

  Rule: whoever is close to a party is left out, and the neighbouring village is asked
    Scenario: The only auxiliary of the village is the claimant's cousin
      When Ding lets the engine choose the handler
      Then Wu holds the seat of the handler
      And the answer says why Wang was left out
      And the audit trail says that Wang was left out as "related to a party"

    Scenario: A dispatcher names the cousin
      When Ding gives it to Wang
      Then it is refused because "related to a party"
      And nobody holds the seat of the handler
