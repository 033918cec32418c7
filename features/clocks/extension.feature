Feature: Longer than thirty days
  The parties may agree to go on longer. The director grants it once, the head of the station a second time.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is in Ma's hands

  Rule: mediation_limit - fifteen days by the director, fifteen more by the head, then no more
    @live
    Scenario: The director extends
      When Du extends "Mediation to end" as the parties agree
      Then the deadline "Mediation to end" is Thursday 30 May 2024

    Scenario: The head extends a second time
      Given Du has extended "Mediation to end"
      When Chen extends "Mediation to end" as the parties agree
      Then the deadline "Mediation to end" is Friday 14 June 2024

    Scenario: The director cannot grant the second one
      Given Du has extended "Mediation to end"
      When Du extends "Mediation to end" as the parties agree
      Then it is refused because "Only Head of the station may extend"
      And the deadline "Mediation to end" is Thursday 30 May 2024

    Scenario: There is no third one
      Given Du has extended "Mediation to end"
      And Chen has extended "Mediation to end"
      When Chen extends "Mediation to end" as the parties agree
      Then it is refused because "no further extension is allowed"
      And the deadline "Mediation to end" is Friday 14 June 2024
      And the audit trail keeps that it was first due on Wednesday 15 May 2024 and then on Thursday 30 May 2024

  Rule: longer - the parties have to agree
    Scenario: They do not
      When Du extends "Mediation to end" although the parties do not agree
      Then it is refused under "longer"
